import type { Timings } from "@mgm/domain/timings";
import { spinScheduleId } from "@mgm/workflows/ids";
import { SPIN_CYCLE_WORKFLOW, type SpinCycleInput } from "@mgm/workflows/spin/messages";
import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from "@temporalio/client";

/** Which channel spins, how, and who does the work. */
export interface SpinSchedule {
  readonly broadcasterId: string;
  readonly timings: Timings;
  readonly taskQueue: string;
}

/** Creates the schedule that starts a cycle at every boundary, or brings an existing one up to date. */
export async function ensureSpinSchedule(client: Client, spin: SpinSchedule): Promise<void> {
  const options = scheduleOptions(spin);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(options.scheduleId).update((present) => ({ ...options, state: present.state }));
  }
}

function scheduleOptions({ broadcasterId, timings, taskQueue }: SpinSchedule) {
  const input: SpinCycleInput = { broadcasterId, timings };
  return {
    scheduleId: spinScheduleId(broadcasterId),
    spec: { intervals: [{ every: timings.intervalMs }] },
    policies: {
      // A cycle outlives its interval by the grace; skipping would lose every second one.
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      // A spin that is minutes late is useless.
      catchupWindow: "10s",
    },
    action: {
      type: "startWorkflow",
      workflowType: SPIN_CYCLE_WORKFLOW,
      workflowId: spinScheduleId(broadcasterId),
      taskQueue,
      args: [input],
      staticSummary: "Gold spin",
    },
  } satisfies ScheduleOptions;
}
