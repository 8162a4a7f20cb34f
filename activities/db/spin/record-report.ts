import type { Queryable } from "../database.ts";

/** A /who report that the rules let through. Times are Unix milliseconds. */
export interface ReceivedReport {
  readonly spinCycleId: string;
  readonly broadcasterId: string;
  readonly online: boolean;
  readonly capturedAt: number;
  readonly receivedAt: number;
}

/**
 * Writes the deciding report down before anybody is told of it, so that it counts even when no worker can act on it
 * now. Only the first one is kept; false when another one was there, or the cycle is over.
 */
export async function recordReport(db: Queryable, report: ReceivedReport): Promise<boolean> {
  const result = await db.query(
    `update spin_cycles set reported_online = $3, report_captured_at = $4, reported_at = $5
      where spin_cycle_id = $1 and broadcaster_id = $2
        and reported_online is null and outcome is null and candidate_name is not null and verify_until >= $5`,
    [report.spinCycleId, report.broadcasterId, report.online, new Date(report.capturedAt), new Date(report.receivedAt)],
  );
  return result.rowCount === 1;
}
