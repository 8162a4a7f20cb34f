import type { RefusedReason, SpinOutcome } from "@mgm/domain/spin-cycle";
import type { Timings } from "@mgm/domain/timings";
import { firstRow, type Queryable, timeOf } from "../database.ts";

/** A stored spin cycle; times are Unix milliseconds. */
export interface SpinCycle {
  readonly spinCycleId: string;
  readonly broadcasterId: string;
  readonly boundary: number;
  readonly workflowId: string;
  readonly timings: Timings;
  readonly drawnAt: number | null;
  readonly candidateName: string | null;
  readonly candidateUserId: string | null;
  readonly candidateDisplayName: string | null;
  readonly enrollmentRequestId: string | null;
  readonly wheel: readonly string[];
  readonly verifyUntil: number;
  readonly reportedOnline: boolean | null;
  readonly outcome: SpinOutcome | null;
  readonly outcomeAt: number | null;
  readonly refusedReason: RefusedReason | null;
  readonly payoutId: string | null;
}

/** A row of spin_cycles. */
export interface SpinCycleRow {
  spin_cycle_id: string;
  broadcaster_id: string;
  boundary_at: Date;
  workflow_id: string;
  timings: Timings;
  drawn_at: Date | null;
  candidate_name: string | null;
  candidate_user_id: string | null;
  candidate_display_name: string | null;
  enrollment_request_id: string | null;
  wheel: string[];
  verify_until: Date;
  reported_online: boolean | null;
  outcome: SpinOutcome | null;
  outcome_at: Date | null;
  refused_reason: RefusedReason | null;
  payout_id: string | null;
}

/** Converts a row once, here. */
export function spinCycleOf(row: SpinCycleRow): SpinCycle {
  return {
    spinCycleId: row.spin_cycle_id,
    broadcasterId: row.broadcaster_id,
    boundary: timeOf(row.boundary_at),
    workflowId: row.workflow_id,
    timings: row.timings,
    drawnAt: timeOf(row.drawn_at),
    candidateName: row.candidate_name,
    candidateUserId: row.candidate_user_id,
    candidateDisplayName: row.candidate_display_name,
    enrollmentRequestId: row.enrollment_request_id,
    wheel: row.wheel,
    verifyUntil: timeOf(row.verify_until),
    reportedOnline: row.reported_online,
    outcome: row.outcome,
    outcomeAt: timeOf(row.outcome_at),
    refusedReason: row.refused_reason,
    payoutId: row.payout_id,
  };
}

/** Finds a cycle by id; with `lock` it stays ours until the transaction ends. */
export async function findSpinCycle(
  db: Queryable,
  broadcasterId: string,
  spinCycleId: string,
  lock: "lock" | "read" = "read",
): Promise<SpinCycle | null> {
  const row = firstRow(
    await db.query<SpinCycleRow>(
      `select * from spin_cycles where spin_cycle_id = $1 and broadcaster_id = $2 ${lock === "lock" ? "for update" : ""}`,
      [spinCycleId, broadcasterId],
    ),
  );
  return row === null ? null : spinCycleOf(row);
}
