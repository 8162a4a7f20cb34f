import type { PayoutActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { findPayout } from "./db/payout/payout-row.ts";
import { projectPayout } from "./db/payout/project-payout.ts";
import { settleAttention } from "./db/payout/settle-attention.ts";
import { payoutSnapshot } from "./snapshots.ts";

/** The payout's activities that touch only our own database. */
export function createPayoutActivities({
  database,
}: {
  database: Database;
}): Pick<PayoutActivities, "projectPayout" | "readPayout" | "isAttentionOpen" | "settleAttention"> {
  return {
    async projectPayout(change) {
      const result = await projectPayout(database, change);
      return { applied: result.applied, payout: payoutSnapshot(result.payout) };
    },
    async readPayout({ broadcasterId, payoutId }) {
      const payout = await findPayout(database, broadcasterId, payoutId);
      if (payout === null) throw new Error("a payout to read is not stored");
      return payoutSnapshot(payout);
    },
    async isAttentionOpen({ broadcasterId, payoutId }) {
      return (await findPayout(database, broadcasterId, payoutId))?.attention === "open";
    },
    async settleAttention(settlement) {
      await settleAttention(database, settlement);
    },
  };
}
