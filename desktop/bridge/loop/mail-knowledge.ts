import { type FactContent, sameness } from "../delivery/fact.ts";
import { isInDoubt } from "../mail/injected.ts";
import type { Store } from "../store/store.ts";
import type { Session } from "./session.ts";

/* What is known of a mail, gold or gift, from the store. */

/** Under what the session remembers that a mail was named since the last hello. */
export const nameOf = (id: string) => `named:${id}`;

/** Whether nobody knows what became of a mail. */
export function isUncertain(store: Store, id: string): boolean {
  return store.get("sending", id) !== undefined || store.get("question", id) !== undefined;
}

/** Whether a mail was named in a session of which the log may lack the end. */
export function isMailInDoubt(store: Store, session: Session, id: string): boolean {
  const injected = store.get("injected", id);
  return injected !== undefined && isInDoubt(injected, session.game);
}

/** Whether a mail left, by the log's word or the streamer's: on its way to the API, told, or refused by it. */
export function mailedIds(store: Store): (id: string) => boolean {
  const facts = [...store.all("fact").values(), ...[...store.all("refusal").values()].map(({ fact }) => fact)];
  const known = new Set(facts.flatMap(({ content }) => mailedBy(content)));
  const isTold = (content: FactContent) => store.get("told", sameness(content)) !== undefined;
  return (id) =>
    known.has(id) ||
    isTold({ kind: "mail_sent", payoutId: id, byHand: false }) ||
    isTold({ kind: "mail_sent", payoutId: id, byHand: true }) ||
    isTold({ kind: "gift_sent", giftRequestId: id });
}

function mailedBy(content: FactContent): string[] {
  if (content.kind === "mail_sent") return [content.payoutId];
  return content.kind === "gift_sent" ? [content.giftRequestId] : [];
}

/** Whether a viewer's answer to a gift was heard, be the API told already or not. */
export function isGiftAnswered(store: Store, giftRequestId: string): boolean {
  const yes = sameness({ kind: "gift_answer", giftRequestId, confirmed: true });
  const no = sameness({ kind: "gift_answer", giftRequestId, confirmed: false });
  if (store.get("told", yes) !== undefined || store.get("told", no) !== undefined) return true;
  const facts = [...store.all("fact").values(), ...[...store.all("refusal").values()].map(({ fact }) => fact)];
  return facts.some(({ content }) => content.kind === "gift_answer" && content.giftRequestId === giftRequestId);
}
