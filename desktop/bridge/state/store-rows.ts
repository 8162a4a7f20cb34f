import type { DesktopState, GiftRow, PayoutRow, QuestionCard, RefusalRow } from "../../wire/state.ts";
import type { FactContent } from "../delivery/fact.ts";
import { ONLY, type Store } from "../store/store.ts";

/* What lies in the store and waits for the streamer, as the window shows it. */

const SHOWN_FORGERIES = 50;

/** Questions, newest first. */
export function questionCards(store: Store, payouts: readonly PayoutRow[], gifts: readonly GiftRow[]): QuestionCard[] {
  const cards = [...store.all("question")].map(([id, { reason, raisedAt }]): QuestionCard => {
    const payout = payouts.find((one) => one.id === id);
    const gift = gifts.find((one) => one.id === id);
    const isGift =
      gift !== undefined || store.get("gift", id) !== undefined || store.get("injected", id)?.kind === "gift";
    const characterName = payout?.characterName ?? gift?.characterName ?? nameInStore(store, id);
    return {
      id,
      about: isGift ? "gift" : "payout",
      reason,
      characterName,
      goldAmount: payout?.goldAmount ?? null,
      itemName: gift?.selectedItem?.name ?? null,
      raisedAt,
    };
  });
  return cards.sort((one, other) => other.raisedAt - one.raisedAt);
}

/** Facts that the API does not want, newest first. */
export function refusalRows(store: Store): RefusalRow[] {
  const rows = [...store.all("refusal").values()].map(({ fact, code, at }) => ({
    number: fact.number,
    kind: fact.content.kind,
    ...subjectOf(fact.content, store),
    code,
    at,
  }));
  return rows.sort((one, other) => other.at - one.at);
}

/** Lines that tried to be tags, newest first. */
export function forgeryRows(store: Store): DesktopState["forgeries"] {
  const { total, recent } = store.get("forgeries", ONLY) ?? { total: 0, recent: [] };
  return { total, recent: recent.toReversed().slice(0, SHOWN_FORGERIES) };
}

/** Whose payout or gift an id is, as far as this desktop has looked at it. */
export function nameInStore(store: Store, id: string): string | null {
  return store.get("payout", id)?.characterName ?? store.get("gift", id)?.characterName ?? null;
}

function subjectOf(content: FactContent, store: Store): { readonly id: string; readonly characterName: string | null } {
  switch (content.kind) {
    case "who":
      return { id: content.report.spinCycleId, characterName: content.report.characterName };
    case "accepted":
    case "mail_sent":
      return { id: content.payoutId, characterName: nameInStore(store, content.payoutId) };
    case "gift_item":
    case "gift_answer":
    case "gift_sent":
      return { id: content.giftRequestId, characterName: nameInStore(store, content.giftRequestId) };
    default:
      return content satisfies never;
  }
}
