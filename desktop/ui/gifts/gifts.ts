import type { GiftRow } from "../../wire/state.ts";
import { type Confirmation, sameForAll } from "../page/confirmation.ts";
import type { Desk } from "../page/desk.ts";
import { type Sentence, say } from "../texts/texts.ts";

/** The gift whose item was drawn and has not left yet. */
export function drawnGift(desk: Desk): GiftRow | null {
  return desk.state?.gifts.find(({ roulette, deliveredAt }) => roulette !== null && deliveredAt === null) ?? null;
}

/** Whose bags are being looked into, who waits, and what can be ended. */
export function gifts(desk: Desk) {
  return {
    get rows(): readonly GiftRow[] {
      return desk.state?.gifts ?? [];
    },
    get title(): Sentence {
      const n = this.rows.filter(({ step }) => step !== "delivered").length;
      return n === 0 ? { key: "gifts.none" } : { key: "gifts.title", values: { n } };
    },
    get drawn(): GiftRow | null {
      return drawnGift(desk);
    },
    sentence({ step, characterName, selectedItem, queuePosition }: GiftRow): Sentence {
      const item = selectedItem?.name ?? say(desk.language, "question.something");
      return { key: `gift.step.${step}`, values: { name: characterName, item, position: queuePosition } };
    },
    hasTimeLeft({ timeoutAt }: GiftRow): boolean {
      return timeoutAt !== null && Date.parse(timeoutAt) > desk.apiNow;
    },
    canFail({ deliveredAt, state }: GiftRow): boolean {
      return deliveredAt === null && state !== "Failed" && desk.isOpen;
    },
    fail(row: GiftRow) {
      desk.confirmation = confirmFail(desk, row);
    },
  };
}

function confirmFail(desk: Desk, { id, characterName, viewerDisplayName, step }: GiftRow): Confirmation {
  const lines = [{ id, name: characterName, aside: viewerDisplayName }];
  return {
    title: { key: "confirm.fail_gift" },
    about: "confirm.fail_gift.about",
    warnings: step === "mailing" ? [{ key: "confirm.in_progress" }] : [],
    lines,
    needsNote: false,
    run: async () => sameForAll(lines, await desk.ask({ kind: "fail_gift", id })),
  };
}
