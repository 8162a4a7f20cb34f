import { type ApiAnswer, isFinal } from "../http/api-answer.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { Store } from "../store/store.ts";
import type { FactContent } from "./fact.ts";

/** What telling a fact once came to. */
export type Told =
  | { readonly kind: "told" }
  /** It will never be wanted. */
  | { readonly kind: "final"; readonly code: string }
  /** Perhaps later. */
  | { readonly kind: "held"; readonly reason: string; readonly retryAfterMs: number };

/** Tells the API one fact, once. */
export async function tell(api: ApiClient, store: Store, content: FactContent): Promise<Told> {
  switch (content.kind) {
    case "who":
      return toldBy(await api.verifyCandidate(content.report));
    case "accepted":
      return await tellAcceptance(api, store, content.payoutId);
    case "mail_sent":
      return toldBy(await api.confirmMailSent(content.payoutId, content.byHand));
    case "gift_item":
      return toldBy(await api.selectItem(content.giftRequestId, content.item));
    case "gift_answer":
      return toldBy(await api.confirmGift(content.giftRequestId, content.confirmed));
    case "gift_sent":
      return toldBy(await api.giftSent(content.giftRequestId));
    default:
      return content satisfies never;
  }
}

/** The log has the payout's id only; the API wants to hear the name too. */
async function tellAcceptance(api: ApiClient, store: Store, payoutId: string): Promise<Told> {
  const known = store.get("payout", payoutId)?.characterName;
  if (known !== undefined) return toldBy(await api.confirmAcceptance(payoutId, known));
  const found = await findName(api, payoutId);
  return "characterName" in found ? toldBy(await api.confirmAcceptance(payoutId, found.characterName)) : found;
}

/**
 * Asks for the name of a payout that this desktop has not seen: another one whispered, or the store was lost. Final with
 * `not_found`: there is no such payout.
 */
export async function findName(api: ApiClient, payoutId: string): Promise<Told | { readonly characterName: string }> {
  const pending = await api.pendingPayouts();
  if (pending.kind !== "ok") return toldBy(pending);
  const active = pending.body.find(({ id }) => id === payoutId);
  if (active !== undefined) return active;
  for (let before: string | null = null; ; ) {
    const page: Awaited<ReturnType<ApiClient["payouts"]>> = await api.payouts(before);
    if (page.kind !== "ok") return toldBy(page);
    const ended = page.body.items.find(({ id }) => id === payoutId);
    if (ended !== undefined) return ended;
    before = page.body.before;
    if (before === null) return { kind: "final", code: "not_found" };
  }
}

function toldBy(answer: ApiAnswer<unknown>): Told {
  if (answer.kind === "ok") return { kind: "told" };
  if (answer.kind === "unreachable") return { kind: "held", reason: answer.reason, retryAfterMs: 0 };
  if (isFinal(answer)) return { kind: "final", code: answer.code };
  return { kind: "held", reason: answer.code, retryAfterMs: answer.retryAfterMs };
}
