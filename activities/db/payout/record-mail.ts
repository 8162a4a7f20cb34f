import { confirmationNeedsAttention, type PayoutCause } from "@mgm/domain/payout";
import { type Database, transact } from "../database.ts";
import { leavePool } from "../pool/leave.ts";
import { appendPayoutEvents } from "./payout-events.ts";
import { findPayout, type Payout } from "./payout-row.ts";

/** The addon's word (or the streamer's, by hand) that the mail left. */
export interface MailConfirmation {
  readonly broadcasterId: string;
  readonly payoutId: string;
  readonly cause: PayoutCause;
  readonly desktopId: string;
  /** The API's clock at receipt. */
  readonly receivedAt: number;
}

/**
 * Writes a mail confirmation down before any workflow is asked, so that nothing can lose it. When the payout had ended
 * unpaid, the viewer leaves the pool and the payout waits for somebody's attention.
 * Returns the payout as it is then; null when there is none.
 */
export async function recordMailConfirmation(
  database: Database,
  confirmation: MailConfirmation,
): Promise<Payout | null> {
  return await transact(database, async (client) => {
    const before = await findPayout(client, confirmation.broadcasterId, confirmation.payoutId, "lock");
    if (before === null || before.mailConfirmedAt !== null) return before;
    const needsAttention = confirmationNeedsAttention(before.status);
    await client.query(
      `update payouts set mail_confirmed_at = $2, mail_confirmed_by = $3, mail_confirmed_desktop = $4, updated_at = $2,
              attention = case when $5 then 'open' else attention end
        where payout_id = $1`,
      [
        confirmation.payoutId,
        new Date(confirmation.receivedAt),
        confirmation.cause,
        confirmation.desktopId,
        needsAttention,
      ],
    );
    await appendPayoutEvents(client, confirmation, [
      {
        event: "mail_confirmed",
        status: before.status,
        cause: confirmation.cause,
        desktopId: confirmation.desktopId,
        at: confirmation.receivedAt,
      },
    ]);
    // After a Sent by hand the viewer may be in the pool again, rightly.
    if (needsAttention) {
      await leavePool(client, before.broadcasterId, before.twitchUserId, confirmation.receivedAt);
    }
    return await findPayout(client, confirmation.broadcasterId, confirmation.payoutId);
  });
}
