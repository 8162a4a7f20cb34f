import type { CycleSnapshot } from "../../contract.ts";
import type { Queryable } from "../database.ts";

/** What a workflow's history says about its cycle once it had decided. */
export interface RememberedCycle {
  readonly snapshot: CycleSnapshot;
  /** When that was known, at the latest (Unix milliseconds). */
  readonly at: number;
}

/** Brings a cycle's row that knows of no decision to the one that its workflow had made; whether it did. */
export async function restoreCycle(db: Queryable, { snapshot, at }: RememberedCycle): Promise<boolean> {
  const { rowCount } = await db.query(
    `update spin_cycles set outcome = $2, outcome_at = $3, refused_reason = $4, payout_id = $5, reported_online = $6
      where spin_cycle_id = $1 and outcome is null`,
    [
      snapshot.spinCycleId,
      snapshot.outcome,
      new Date(at),
      snapshot.refusedReason,
      snapshot.payoutId,
      snapshot.reportedOnline,
    ],
  );
  return rowCount === 1;
}
