import type { PayoutCause } from "@mgm/domain/payout";
import { type Database, transact } from "../database.ts";
import { appendPayoutEvents } from "./payout-events.ts";
import { findPayout, type Payout } from "./payout-row.ts";

/** Ends a payout's wait for attention; a repeat changes nothing. Returns the payout; null when there is none. */
export async function settleAttention(
  database: Database,
  settlement: { broadcasterId: string; payoutId: string; note: string; cause: PayoutCause; at: number },
): Promise<Payout | null> {
  return await transact(database, async (client) => {
    const before = await findPayout(client, settlement.broadcasterId, settlement.payoutId, "lock");
    if (before === null || before.attention !== "open") return before;
    await client.query(
      "update payouts set attention = 'settled', attention_note = $2, updated_at = $3 where payout_id = $1",
      [settlement.payoutId, settlement.note, new Date(settlement.at)],
    );
    await appendPayoutEvents(client, settlement, [
      {
        event: "settled",
        status: before.status,
        cause: settlement.cause,
        desktopId: null,
        note: settlement.note,
        at: settlement.at,
      },
    ]);
    return await findPayout(client, settlement.broadcasterId, settlement.payoutId);
  });
}
