import type { ApiAnswer } from "../http/client.ts";
import type { BroadcasterTables } from "../texts/broadcaster-texts.ts";
import { fill } from "../texts/texts.ts";
import { findUser } from "../twitch/find-user.ts";
import { type TwitchAuthorization, twitchHelper } from "../twitch/helper.external.ts";
import { type BroadcasterView, broadcasterView, type PayoutRow } from "../view/broadcaster-view.ts";
import { card } from "../view/card.ts";
import { errorWords } from "../view/panel-view.ts";
import { NOTHING_SEEN } from "../viewing/sight.ts";
import { mend } from "./mend.ts";
import type { Eyes } from "./page.ts";
import type { Tongue } from "./tongue.ts";

/*
 * The broadcaster's pages. Whatever changes something is asked back first:
 *
 *   pressed ─► question ─yes─► (next question, where there is one) ─yes─► request ─► outcome in words
 */

const LOOK_EVERY_MS = 250;

/** A question with the word on its yes. */
type Question = readonly [title: string, text: string, yes: string];

/** Something that will be done when every question was answered with yes. */
interface Undertaking {
  readonly questions: readonly Question[];
  readonly act: () => Promise<ApiAnswer<unknown>>;
  readonly done: string;
}

type Refs = { readonly $refs: { readonly question: HTMLDialogElement } };

/** The set-up page and the page beside the stream. */
export function broadcaster(eyes: Eyes, tongue: Tongue<BroadcasterTables>) {
  let undertaking: Undertaking | null = null;
  let asked = 0;
  let authorization: TwitchAuthorization | null = null;
  return {
    texts: tongue.texts.own,
    common: tongue.texts.common,
    view: viewOf(eyes, tongue),
    question: { title: "", text: "", yes: "" },
    /** What came of the last thing that was done. */
    outcome: { text: "", isBad: false },
    typed: "",

    init(): void {
      tongue.onChange = () => {
        this.texts = tongue.texts.own;
        this.common = tongue.texts.common;
        this.look();
      };
      if (!eyes.ok) return;
      twitchHelper()?.onAuthorized((said) => {
        authorization = said;
      });
      eyes.viewing.onChange(() => this.look());
      eyes.viewing.start();
      setInterval(() => this.look(), LOOK_EVERY_MS);
    },

    look(): void {
      if (eyes.ok) eyes.viewing.look();
      mend(this.view, viewOf(eyes, tongue));
    },

    retry(): void {
      if (eyes.ok) eyes.viewing.retry();
    },

    togglePause(this: Refs & Acting): void {
      const paused = !this.view.isPaused;
      this.ask({
        questions: [asQuestion(paused ? this.texts.ask.pause : this.texts.ask.resume, {})],
        act: () => send((api) => api.send("PUT", "/api/broadcaster/spins", { paused })),
        done: paused ? this.texts.paused : "",
      });
    },

    cancelPayout(this: Refs & Acting, { id, name, isInProgress }: PayoutRow): void {
      const { cancel, cancelMailed } = this.texts.ask;
      this.ask({
        questions: [asQuestion(cancel, { name }), ...(isInProgress ? [asQuestion(cancelMailed, { name })] : [])],
        act: () => send((api) => api.send("POST", `/api/broadcaster/payouts/${id}/cancel`)),
        done: fill(this.texts.cancelled, { name }),
      });
    },

    async removeFromPool(this: Refs & Acting): Promise<void> {
      if (this.typed.trim() === "") return;
      const found = await findUser(this.typed, authorization);
      if (!found.ok) {
        const text = found.reason === "unknown" ? this.texts.unknownUser : this.texts.noLookup;
        this.outcome = { text, isBad: true };
        return;
      }
      const { id, name } = found;
      this.ask({
        questions: [asQuestion(this.texts.ask.remove, { name })],
        act: () => send((api) => api.send("DELETE", `/api/broadcaster/pool/${encodeURIComponent(id)}`)),
        done: fill(this.texts.removed, { name }),
      });
    },

    ask(this: Refs & Acting, wanted: Undertaking): void {
      undertaking = wanted;
      asked = 0;
      this.outcome = { text: "", isBad: false };
      this.pose(wanted.questions[0]);
      this.$refs.question.showModal();
    },

    pose(question: Question | undefined): void {
      const [title = "", text = "", yes = ""] = question ?? [];
      this.question = { title, text, yes };
    },

    async sayYes(this: Refs & Acting): Promise<void> {
      if (undertaking === null) return;
      asked += 1;
      const next = undertaking.questions[asked];
      if (next !== undefined) {
        this.pose(next);
        return;
      }
      const { act, done } = undertaking;
      undertaking = null;
      this.$refs.question.close();
      const answer = await act();
      if (eyes.ok) eyes.viewing.changed("dashboard", "state");
      this.outcome = answer.ok
        ? { text: done, isBad: false }
        : { text: errorWords(this.common, answer.code).join(". "), isBad: true };
    },

    sayNo(this: Refs): void {
      undertaking = null;
      this.$refs.question.close();
    },
  };

  async function send(request: (api: (Eyes & { ok: true })["api"]) => Promise<ApiAnswer<unknown>>) {
    return eyes.ok ? await request(eyes.api) : ({ ok: false, code: "network", retryAfterMs: 0 } as const);
  }
}

/** What the component's methods see of it. */
interface Acting {
  readonly view: BroadcasterView;
  readonly texts: BroadcasterTables["own"];
  readonly common: BroadcasterTables["common"];
  readonly typed: string;
  outcome: { text: string; isBad: boolean };
  ask(wanted: Undertaking): void;
  pose(question: Question | undefined): void;
}

function asQuestion([title = "", text = "", yes = ""]: readonly string[], values: Record<string, string>): Question {
  return [fill(title, values), fill(text, values), yes];
}

function viewOf(eyes: Eyes, { language, texts }: Tongue<BroadcasterTables>): BroadcasterView {
  const heldUntil = eyes.ok ? eyes.viewing.reader.heldUntil : null;
  const view = broadcasterView({
    sight: eyes.ok ? eyes.viewing.sight : NOTHING_SEEN,
    texts,
    language,
    now: eyes.ok ? eyes.viewing.now() : Date.now(),
    retryInMs: heldUntil === null ? null : heldUntil - Date.now(),
  });
  if (eyes.ok) return view;
  const [title = "", text = ""] = eyes.missing === "api" ? texts.common.notConfigured : texts.common.notTwitch;
  return { ...view, trouble: card(title, text, { bar: "bad" }) };
}
