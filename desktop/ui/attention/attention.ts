import type { DesktopAction } from "../../wire/protocol.ts";
import type { AlertCard, QuestionCard, RefusalRow } from "../../wire/state.ts";
import type { Desk } from "../page/desk.ts";
import { type Steady, steady } from "../page/steady.ts";
import { codeSentence, type Sentence } from "../texts/texts.ts";
import { type Card, cardsOf } from "./cards.ts";
import { alertSentence, questionSentence } from "./sentences.ts";

/** The right column: what is asked, what went wrong, what was refused, what was forged. */
export function attention(desk: Desk, effect: (run: () => void) => void) {
  return {
    cards: [] as readonly Steady<Card>[],
    isHeld: false,
    /** What became of a card's button, by the card's key. */
    outcomes: {} as Record<string, Sentence>,
    busyKeys: [] as readonly string[],

    init() {
      let shown: readonly Steady<Card>[] = [];
      effect(() => {
        shown = steady(shown, desk.state === null ? [] : cardsOf(desk.state), ({ key }) => key, this.isHeld);
        this.cards = shown;
      });
    },

    get refusals(): readonly RefusalRow[] {
      return desk.state?.refusals ?? [];
    },

    question(question: QuestionCard): Sentence {
      return questionSentence(question, desk.language);
    },
    alert(alert: AlertCard): Sentence {
      return alertSentence(alert, desk.state, desk.language);
    },
    refusal({ code }: RefusalRow): Sentence {
      return codeSentence(code);
    },
    subjectOf({ characterName, id }: RefusalRow): string {
      return characterName ?? id.slice(0, 8);
    },
    outcomeOf(key: string): Sentence | null {
      return this.outcomes[key] ?? null;
    },

    isBusy(key: string): boolean {
      return this.busyKeys.includes(key) || !desk.isOpen;
    },
    /** Asks, and keeps on the card what became of it. */
    async act(key: string, action: DesktopAction) {
      if (this.isBusy(key)) return;
      this.busyKeys = [...this.busyKeys, key];
      const result = await desk.ask(action);
      this.busyKeys = this.busyKeys.filter((one) => one !== key);
      const { [key]: _, ...others } = this.outcomes;
      this.outcomes = result.ok ? others : { ...others, [key]: codeSentence(result.code, result.details) };
    },
    answer(key: string, id: string, answer: "sent" | "not_sent") {
      return this.act(key, { kind: "answer_question", id, answer });
    },
    retry(key: string, id: string) {
      return this.act(key, { kind: "retry_alert", id });
    },
    dismiss(key: string, id: string) {
      return this.act(key, { kind: "dismiss_alert", id });
    },
    takeOver() {
      return this.act("lease", { kind: "take_over" });
    },
    pickWindow(windowId: string) {
      return this.act("windows", { kind: "pick_window", windowId });
    },
    sendAgain(number: number) {
      return this.act(`refusal:${number}`, { kind: "send_again", factNumber: number });
    },
  };
}

/** Lines that tried to be tags, newest first. */
export function forgeries(desk: Desk) {
  return {
    get list() {
      return desk.state?.forgeries ?? { total: 0, recent: [] };
    },
  };
}
