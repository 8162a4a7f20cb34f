import type { Tag } from "@mgm/domain/chat-line/tag";

/*
 * Mails of which nobody knows whether they left.
 *
 *   SENDING ──► open ──CONFIRM, GIFT_SENT, FAILED──► settled
 *                 │ a minute without any of them: a hello, after which the addon repeats what it knows
 *                 │ and if it says nothing new within the patience after that hello:
 *                 ▼
 *               question ──the streamer looks into the mailbox: sent | not sent──► settled
 *
 * A crashed client has forgotten what it did, so only the streamer can tell. What the log says later settles a question
 * as well. A SENDING without a key that counts raises the question at once: it can only make us more careful. One that
 * the streamer has called sent is not asked about again. Mail of which not even a SENDING can be expected: see injected.
 */

/** An announced mail. Times are Unix milliseconds. */
export interface OpenSending {
  readonly since: number;
  /** When a hello after it was answered; null until then. */
  readonly helloAt: number | null;
}

/** What is not known about a mail, and why. */
export interface Question {
  readonly reason: "sending_open" | "sending_unkeyed" | "held_by_other_desktop" | "session_not_flushed";
  readonly raisedAt: number;
}

/** How the ledger of one payout or gift request changes; null removes, undefined leaves. */
export interface LedgerChange {
  readonly id: string;
  readonly sending?: OpenSending | null;
  readonly question?: Question | null;
}

/** How long a SENDING may be open before the addon is asked. */
export const SENDING_PATIENCE_MS = 60_000;
/** How long the addon may take to repeat itself after a hello: 48 hours of tags, paced at 1.1 s where they are whispers. */
export const REPEAT_PATIENCE_MS = 30_000;

/** What a tag changes; null for tags that say nothing about mail. */
export function ledgerAfter(tag: Tag, open: OpenSending | undefined, now: number): LedgerChange | null {
  switch (tag.name) {
    case "SENDING":
      // Repeated after a hello, it is still the same mail.
      return open === undefined ? { id: tag.id, sending: { since: now, helloAt: null } } : null;
    case "CONFIRM":
    case "GIFT_SENT":
    case "FAILED":
      return { id: tag.id, sending: null, question: null };
    default:
      return null;
  }
}

/** What a SENDING without a key that counts changes. */
export function ledgerAfterUnkeyed(id: string, now: number): LedgerChange {
  return { id, question: { reason: "sending_unkeyed", raisedAt: now } };
}

/** What an answered hello changes. */
export function ledgerAfterHello(open: ReadonlyMap<string, OpenSending>, now: number): LedgerChange[] {
  return [...open]
    .filter(([, { helloAt }]) => helloAt === null)
    .map(([id, sending]) => ({ id, sending: { ...sending, helloAt: now } }));
}

/** Questions that time has raised. */
export function overdueQuestions(
  open: ReadonlyMap<string, OpenSending>,
  asked: ReadonlyMap<string, Question>,
  now: number,
): LedgerChange[] {
  return [...open]
    .filter(([id, { helloAt }]) => helloAt !== null && now - helloAt >= REPEAT_PATIENCE_MS && !asked.has(id))
    .map(([id]) => ({ id, question: { reason: "sending_open", raisedAt: now } }));
}

/** Whether a mail has been open for so long that the addon is to be asked. */
export function isHelloNeeded(open: ReadonlyMap<string, OpenSending>, now: number): boolean {
  return [...open.values()].some(({ since, helloAt }) => helloAt === null && now - since >= SENDING_PATIENCE_MS);
}
