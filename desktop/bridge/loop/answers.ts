import type { ApiClient } from "../http/api-client.ts";
import { drop, ONLY, put, type Store } from "../store/store.ts";

/** What the streamer found in the mailbox. */
export type MailAnswer = "sent" | "not_sent";

/** What came of an answer. */
export type AnswerResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: "no_such_question" | "not_unlocked" };

/**
 * Settles a question about a payout. Sent: that is told to the API, by hand, and the row leaves the addon's queue. Not
 * sent: the row leaves the queue and, once that is acknowledged, is named again; if another desktop holds it, it is
 * unlocked first, and stays a question while that cannot be done.
 */
export async function answerQuestion(
  { store, api, now }: { readonly store: Store; readonly api: ApiClient; readonly now: number },
  payoutId: string,
  answer: MailAnswer,
): Promise<AnswerResult> {
  const question = store.get("question", payoutId);
  if (question === undefined) return { ok: false, code: "no_such_question" };
  if (answer === "not_sent" && question.reason === "held_by_other_desktop") {
    const unlocked = await api.changeStatus(payoutId, "Pending");
    if (unlocked.kind !== "ok") return { ok: false, code: "not_unlocked" };
  }
  const settled = [
    drop("question", payoutId),
    drop("sending", payoutId),
    drop("command", `withdraw:${payoutId}`),
    put("injected", payoutId, { at: now, isRecalled: true }),
  ];
  if (answer === "not_sent") {
    await store.commit(settled);
    return { ok: true };
  }
  const { command, fact } = store.get("counter", ONLY) ?? { command: 0, fact: 0 };
  const content = { kind: "mail_sent", payoutId, byHand: true } as const;
  await store.commit([
    ...settled,
    put("fact", String(fact + 1), { number: fact + 1, content, addedAt: now }),
    put("counter", ONLY, { command, fact: fact + 1 }),
  ]);
  return { ok: true };
}
