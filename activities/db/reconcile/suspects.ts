import type { Queryable } from "../database.ts";
import { type Payout, type PayoutRow, payoutOf, SELECT_PAYOUT } from "../payout/payout-row.ts";
import { type SpinCycle, type SpinCycleRow, spinCycleOf } from "../spin/cycle-row.ts";

/** How many rows are held in memory at once. */
const BATCH = 500;
const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Active payouts that are older than what may still be on its way (`youngest`, Unix milliseconds): each must have a
 * running workflow.
 */
export async function* activePayoutsBefore(
  db: Queryable,
  broadcasterId: string,
  youngest: number,
): AsyncGenerator<Payout> {
  yield* payoutsWhere(db, "status in ('Pending', 'InProgress') and created_at < $4", broadcasterId, [
    new Date(youngest),
  ]);
}

/** Payouts that wait for somebody's attention: each must have a workflow that says so. */
export async function* unsettledPayouts(db: Queryable, broadcasterId: string): AsyncGenerator<Payout> {
  yield* payoutsWhere(db, "attention = 'open'", broadcasterId, []);
}

/** Ended payouts whose workflow was not seen closed yet. */
export async function* endingPayouts(db: Queryable, broadcasterId: string, youngest: number): AsyncGenerator<Payout> {
  const isEnding = "not workflow_ended and status in ('Sent', 'Failed', 'Cancelled', 'Expired') and updated_at < $4";
  yield* payoutsWhere(db, isEnding, broadcasterId, [new Date(youngest)]);
}

/** Notes that an ended payout's workflow is closed: nobody need look again. */
export async function notePayoutWorkflowEnd(db: Queryable, payoutId: string): Promise<void> {
  await db.query("update payouts set workflow_ended = true where payout_id = $1", [payoutId]);
}

/** Undecided cycles: each must have a running workflow. */
export async function* openCycles(db: Queryable, broadcasterId: string, youngest: number): AsyncGenerator<SpinCycle> {
  for (let after = NO_ID; ; ) {
    const { rows } = await db.query<SpinCycleRow>(
      `select * from spin_cycles where broadcaster_id = $1 and spin_cycle_id > $2 and outcome is null and drawn_at < $3
        order by spin_cycle_id limit ${BATCH}`,
      [broadcasterId, after, new Date(youngest)],
    );
    yield* rows.map(spinCycleOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.spin_cycle_id;
  }
}

async function* payoutsWhere(
  db: Queryable,
  condition: string,
  broadcasterId: string,
  values: readonly Date[],
): AsyncGenerator<Payout> {
  for (let after = NO_ID; ; ) {
    const { rows } = await db.query<PayoutRow>(
      `${SELECT_PAYOUT} where broadcaster_id = $1 and payout_id > $2 and ${condition} order by payout_id limit $3`,
      [broadcasterId, after, BATCH, ...values],
    );
    yield* rows.map(payoutOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.payout_id;
  }
}
