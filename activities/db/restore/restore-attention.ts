import { isActive } from "@mgm/domain/payout";
import { type Database, firstRow, type Queryable, timeOf, transact } from "../database.ts";
import { appendPayoutEvents, type PayoutEvent } from "../payout/payout-events.ts";
import { findPayout } from "../payout/payout-row.ts";
import { leavePool } from "../pool/leave.ts";

/** What Temporal knows of the last question about a payout; times are Unix milliseconds. */
export interface RememberedAttention {
  readonly broadcasterId: string;
  readonly payoutId: string;
  /** Whether it was asked because the mail had left although the payout had ended. */
  readonly mailWasConfirmed: boolean;
  readonly startedAt: number;
  /** When somebody settled it; null while it is open. */
  readonly settledAt: number | null;
}

/**
 * `reopened`: it is before the operators again. `settled`: the row knew nothing of it, and it is settled already. `same`:
 * nothing was missing. `ahead`: the row is settled, the workflow still waits. `unknown`: there is no row.
 */
export type RestoredAttention = "reopened" | "settled" | "same" | "ahead" | "unknown";

/**
 * Writes down again that a payout's mail was confirmed after its end, which stands in no version of its row, and that
 * somebody must look at it, or has looked. A question that is open stays open, whatever became of an earlier one.
 */
export async function restoreAttention(
  database: Database,
  remembered: RememberedAttention,
): Promise<RestoredAttention> {
  const { broadcasterId, payoutId, startedAt, settledAt } = remembered;
  return await transact(database, async (client) => {
    const before = await findPayout(client, broadcasterId, payoutId, "lock");
    if (before === null) return "unknown";
    const { attention, status } = before;
    const isConfirmationMissing = remembered.mailWasConfirmed && before.mailConfirmedAt === null;
    const isOlder = attention === "settled" && (await settledInRowAt(client, payoutId)) < startedAt;
    // Of an active row whose workflow is gone the reconcile job asks by itself.
    const isQuestionMissing = !isActive(status) && (attention === null || isOlder);
    if (!isConfirmationMissing && !isQuestionMissing) {
      return attention === "settled" && settledAt === null ? "ahead" : "same";
    }
    const found = settledAt === null ? "open" : "settled";
    await client.query(
      `update payouts set attention = $2, updated_at = $3, mail_confirmed_at = coalesce(mail_confirmed_at, $4),
              mail_confirmed_by = coalesce(mail_confirmed_by, $5),
              attention_note = coalesce($6, attention_note)
        where payout_id = $1`,
      [
        payoutId,
        isQuestionMissing ? found : attention,
        new Date(settledAt ?? startedAt),
        isConfirmationMissing ? new Date(startedAt) : null,
        isConfirmationMissing ? "log" : null,
        isQuestionMissing && found === "settled" ? RESTORED : null,
      ],
    );
    const common = { status, cause: "server", desktopId: null, note: RESTORED } as const;
    const events: PayoutEvent[] = [];
    if (isConfirmationMissing) events.push({ ...common, event: "mail_confirmed", at: startedAt });
    if (isQuestionMissing) events.push({ ...common, event: "attention", at: startedAt });
    if (isQuestionMissing && settledAt !== null) events.push({ ...common, event: "settled", at: settledAt });
    await appendPayoutEvents(client, remembered, events);
    if (isConfirmationMissing) await leavePool(client, broadcasterId, before.twitchUserId, startedAt);
    return isQuestionMissing && found === "settled" ? "settled" : "reopened";
  });
}

const RESTORED = "restored from its workflow";

async function settledInRowAt(db: Queryable, payoutId: string): Promise<number> {
  const row = firstRow(
    await db.query<{ at: Date | null }>(
      "select max(at) as at from payout_events where payout_id = $1 and event = 'settled'",
      [payoutId],
    ),
  );
  return timeOf(row?.at ?? null) ?? 0;
}
