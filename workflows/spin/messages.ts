import type { RefusedReason, SpinOutcome } from "@mgm/domain/spin-cycle";
import type { Timings } from "@mgm/domain/timings";
import { defineUpdate } from "@temporalio/workflow";

/** What a spin cycle begins with. Without `boundary` it is the schedule's nominal time. */
export interface SpinCycleInput {
  readonly broadcasterId: string;
  readonly timings: Timings;
  /** Unix milliseconds; for starts without a schedule. */
  readonly boundary?: number;
}

/** How a spin cycle ended. */
export interface SpinCycleResult {
  readonly spinCycleId: string | null;
  readonly outcome: SpinOutcome | "paused";
  readonly payoutId: string | null;
}

/** A /who report that was recorded; times are Unix milliseconds. */
export interface ReportInput {
  /** Canonical. */
  readonly characterName: string;
  readonly online: boolean;
  /** The API's clock at receipt: this one decides. */
  readonly receivedAt: number;
}

/** What a report led to. */
export interface ReportResult {
  readonly outcome: SpinOutcome;
  readonly refusedReason: RefusedReason | null;
  readonly payoutId: string | null;
}

/** Name of the workflow. */
export const SPIN_CYCLE_WORKFLOW = "spinCycle";

/** Tells a cycle that a report was recorded for it. */
export const reportUpdate = defineUpdate<ReportResult, [ReportInput]>("report");
