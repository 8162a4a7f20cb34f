import { isActive } from "@mgm/domain/payout";
import { type Database, transact } from "../database.ts";
import { appendPayoutEvents } from "../payout/payout-events.ts";
import { findPayout, type Payout } from "../payout/payout-row.ts";
import { leavePool } from "../pool/leave.ts";

/**
 * Ends an active payout whose workflow is gone: Failed, and before somebody's eyes, because nobody knows how far it
 * was. A confirmation that was recorded meanwhile takes the viewer out of the pool. Returns the payout if it did.
 */
export async function failVanishedPayout(
  database: Database,
  vanished: { broadcasterId: string; payoutId: string; at: number },
): Promise<Payout | null> {
  return await transact(database, async (client) => {
    const before = await findPayout(client, vanished.broadcasterId, vanished.payoutId, "lock");
    if (before === null || !isActive(before.status)) return null;
    await client.query(
      `update payouts set status = 'Failed', version = version + 1, attention = 'open', updated_at = $2
        where payout_id = $1`,
      [vanished.payoutId, new Date(vanished.at)],
    );
    const common = { status: "Failed", cause: "server", desktopId: null, at: vanished.at } as const;
    await appendPayoutEvents(client, vanished, [
      { ...common, event: "status" },
      { ...common, event: "attention", note: "its workflow was gone" },
    ]);
    if (before.mailConfirmedAt !== null) {
      await leavePool(client, before.broadcasterId, before.twitchUserId, vanished.at);
    }
    return await findPayout(client, vanished.broadcasterId, vanished.payoutId);
  });
}
