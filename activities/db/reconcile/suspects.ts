import type { Queryable } from "../database.ts";
import { type Payout, type PayoutRow, payoutOf, SELECT_PAYOUT } from "../payout/payout-row.ts";
import { type SpinCycle, type SpinCycleRow, spinCycleOf } from "../spin/cycle-row.ts";

/** How many rows of a kind one run looks at; what is left waits for the next run. */
const BATCH = 500;

/**
 * Active payouts that are older than what may still be on its way (`youngest`, Unix milliseconds): each must have a
 * running workflow.
 */
export async function listActivePayoutsBefore(
  db: Queryable,
  broadcasterId: string,
  youngest: number,
): Promise<Payout[]> {
  const result = await db.query<PayoutRow>(
    `${SELECT_PAYOUT} where broadcaster_id = $1 and status in ('Pending', 'InProgress') and created_at < $2
      order by created_at limit ${BATCH}`,
    [broadcasterId, new Date(youngest)],
  );
  return result.rows.map(payoutOf);
}

/** Payouts that wait for somebody's attention: each must have a workflow that says so. */
export async function listUnsettledPayouts(db: Queryable, broadcasterId: string): Promise<Payout[]> {
  const result = await db.query<PayoutRow>(
    `${SELECT_PAYOUT} where broadcaster_id = $1 and attention = 'open' order by created_at limit ${BATCH}`,
    [broadcasterId],
  );
  return result.rows.map(payoutOf);
}

/** Undecided cycles: each must have a running workflow. */
export async function listOpenCycles(db: Queryable, broadcasterId: string, youngest: number): Promise<SpinCycle[]> {
  const result = await db.query<SpinCycleRow>(
    `select * from spin_cycles where broadcaster_id = $1 and outcome is null and drawn_at < $2
      order by boundary_at limit ${BATCH}`,
    [broadcasterId, new Date(youngest)],
  );
  return result.rows.map(spinCycleOf);
}
