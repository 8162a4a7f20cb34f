import type { FactContent } from "../delivery/fact.ts";
import { findName } from "../delivery/tell.ts";
import type { ApiClient } from "../http/api-client.ts";
import { drop, ONLY, put, type Store } from "../store/store.ts";

/** What the streamer found in the mailbox. */
export type MailAnswer = "sent" | "not_sent";

/** What came of an answer. */
export type AnswerResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** `unknown_mail`: whether it is gold or a gift only the API can tell, and it cannot be asked now. */
      readonly code: "no_such_question" | "not_unlocked" | "unknown_mail";
    };

/** What an answer is given with. */
export interface AnswerParts {
  readonly store: Store;
  readonly api: ApiClient;
  readonly now: number;
}

/**
 * Settles a question about a payout's or a gift's mail. Sent: that is told to the API, by hand, and the row leaves the
 * addon's queue. Not sent: the row leaves the queue and, once that is acknowledged, is named again; if another desktop
 * holds the payout, it is unlocked first, and stays a question while that cannot be done.
 */
export async function answerQuestion(parts: AnswerParts, id: string, answer: MailAnswer): Promise<AnswerResult> {
  const { store, api, now } = parts;
  const question = store.get("question", id);
  if (question === undefined) return { ok: false, code: "no_such_question" };
  const kind = await kindOf(parts, id);
  if (kind === null) return { ok: false, code: "unknown_mail" };
  if (answer === "not_sent" && question.reason === "held_by_other_desktop") {
    const unlocked = await api.changeStatus(id, "Pending");
    if (unlocked.kind !== "ok") return { ok: false, code: "not_unlocked" };
  }
  const settled = [
    drop("question", id),
    drop("sending", id),
    drop("command", `withdraw:${id}`),
    put("injected", id, { kind, at: now, isRecalled: true, process: null, isOnRecord: true }),
  ];
  if (answer === "not_sent") {
    await store.commit(settled);
    return { ok: true };
  }
  const { command, fact } = store.get("counter", ONLY) ?? { command: 0, fact: 0 };
  const content: FactContent =
    kind === "gold" ? { kind: "mail_sent", payoutId: id, byHand: true } : { kind: "gift_sent", giftRequestId: id };
  await store.commit([
    ...settled,
    put("fact", String(fact + 1), { number: fact + 1, content, addedAt: now }),
    put("counter", ONLY, { command, fact: fact + 1 }),
  ]);
  return { ok: true };
}

/** The log names mails by their ids alone: one that this desktop has not named is looked for at the API. */
async function kindOf({ store, api }: AnswerParts, id: string): Promise<"gold" | "gift" | null> {
  const injected = store.get("injected", id);
  if (injected !== undefined) return injected.kind;
  if (store.get("payout", id) !== undefined) return "gold";
  if (store.get("gift", id) !== undefined) return "gift";
  const found = await findName(api, id);
  if ("characterName" in found) return "gold";
  return found.kind === "final" ? "gift" : null;
}
