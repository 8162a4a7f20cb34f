import type { PayoutStatus } from "@mgm/domain/payout";
import type { ActionResult, ItemResult, PayoutChange } from "../../wire/protocol.ts";
import type { Desktop } from "../desktop.ts";
import { codeOfAnswer } from "../http/api-answer.ts";
import { nameInStore } from "../state/store-rows.ts";
import { done, failed, NOT_CONNECTED, resultOf } from "./results.ts";

/* What the streamer does with payouts by hand. The API has the last word; each payout has a result of its own. */

const STATUS_OF: Readonly<Record<PayoutChange, PayoutStatus>> = {
  mark_sent: "Sent",
  mark_failed: "Failed",
  cancel: "Cancelled",
  unlock: "Pending",
};

/** Sets payouts InProgress that the winners have agreed to. */
export async function sync(desktop: Desktop): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const result = await bridge.sync();
  if (result.ok) {
    return done({ kind: "items", items: result.payouts.map(({ id, isSynced, code }) => ({ id, ok: isSynced, code })) });
  }
  // The state says more precisely what is in the way.
  return failed(result.code === "not_allowed" ? (bridge.view.ban ?? result.code) : result.code);
}

/** Changes the status of payouts, one after the other. */
export async function changePayouts(
  desktop: Desktop,
  { ids, change }: { readonly ids: readonly string[]; readonly change: PayoutChange },
): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const items: ItemResult[] = [];
  for (const id of ids) {
    const code = mayChange(desktop, id, change) ?? codeOfAnswer(await bridge.api.changeStatus(id, STATUS_OF[change]));
    items.push({ id, ok: code === null, code });
    if (code === null) note(desktop, "payout_changed", id, { change });
  }
  bridge.refresh();
  await desktop.lookForAttention();
  return done({ kind: "items", items });
}

/** Ends a payout's need for attention. */
export async function settlePayout(
  desktop: Desktop,
  { id, note: text }: { readonly id: string; readonly note: string },
): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const answer = await bridge.api.settle(id, text);
  if (answer.kind === "ok") note(desktop, "payout_settled", id);
  await desktop.lookForAttention();
  bridge.refresh();
  return resultOf(answer);
}

/** Ends a gift request. */
export async function failGift(desktop: Desktop, { id }: { readonly id: string }): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const answer = await bridge.api.failGift(id, "failed_by_streamer");
  if (answer.kind === "ok")
    desktop.events.note({ level: "info", code: "gift_failed", details: { id } }, desktop.clock.now());
  bridge.refresh();
  return resultOf(answer);
}

/** What only the streamer could tell. */
export async function answerQuestion(
  desktop: Desktop,
  { id, answer }: { readonly id: string; readonly answer: "sent" | "not_sent" },
): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  const result = await bridge.answer(id, answer);
  if (!result.ok) return failed(result.code);
  note(desktop, "question_answered", id, { answer });
  return done();
}

/** Sends a refused fact again. */
export async function sendAgain(
  desktop: Desktop,
  { factNumber }: { readonly factNumber: number },
): Promise<ActionResult> {
  const { bridge } = desktop;
  if (bridge === null) return NOT_CONNECTED;
  if (!(await bridge.sendAgain(factNumber))) return failed("no_such_refusal");
  desktop.alerts.clear("fact_refused", String(factNumber));
  return done();
}

/** What another desktop injected may be in its queue or mailed: it is unlocked by way of the question about that. */
function mayChange(desktop: Desktop, id: string, change: PayoutChange): string | null {
  if (change !== "unlock") return null;
  const payout = desktop.memory.payouts.find((one) => one.id === id);
  const isForeign = payout?.status === "InProgress" && payout.heldBy !== desktop.desktopId;
  return isForeign ? "answer_the_question" : null;
}

function note(
  { store, events, clock }: Desktop,
  code: "payout_changed" | "payout_settled" | "question_answered",
  id: string,
  details: Readonly<Record<string, string>> = {},
): void {
  const characterName = nameInStore(store, id) ?? "";
  events.note({ level: "info", code, details: { characterName, id, ...details } }, clock.now());
}
