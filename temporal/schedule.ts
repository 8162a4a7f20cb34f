import type { Timings } from "@mgm/domain/timings";
import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { RECONCILE_WORKFLOW, type ReconcileInput } from "@mgm/workflows/reconcile/messages";
import { BROADCASTER, NEEDS_ATTENTION, STATUS } from "@mgm/workflows/search-attributes";
import { SPIN_CYCLE_WORKFLOW, type SpinCycleInput } from "@mgm/workflows/spin/messages";
import { type Client, ScheduleAlreadyRunning, type ScheduleOptions, ScheduleOverlapPolicy } from "@temporalio/client";

/** Which channel spins, how, and who does the work. */
export interface ChannelSchedules {
  readonly broadcasterId: string;
  readonly timings: Timings;
  readonly taskQueue: string;
}

/** Creates what starts a channel's cycles and its reconcile job, or brings an existing schedule up to date. */
export async function ensureSchedules(client: Client, channel: ChannelSchedules): Promise<void> {
  await ensureSchedule(client, spinSchedule(channel));
  await ensureSchedule(client, reconcileSchedule(channel));
}

/** How a channel's schedules are kept. */
export interface ScheduleKeeping {
  readonly everyMs: number;
  /** Told when a look brought nothing; the next one comes. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Makes a schedule again that somebody deleted; one that is there stays as it is, paused or not. Returns what ends the
 * looking.
 */
export function keepSchedules(
  client: Client,
  channel: ChannelSchedules,
  { everyMs, onFault }: ScheduleKeeping,
): () => void {
  const look = async (): Promise<void> => {
    for (const options of [spinSchedule(channel), reconcileSchedule(channel)]) {
      await client.schedule.create(options).catch((error: unknown) => {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      });
    }
  };
  const timer = setInterval(() => void look().catch(onFault), everyMs);
  return () => clearInterval(timer);
}

async function ensureSchedule(
  client: Client,
  options: ReturnType<typeof spinSchedule | typeof reconcileSchedule>,
): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(options.scheduleId).update((present) => ({ ...options, state: present.state }));
  }
}

function spinSchedule({ broadcasterId, timings, taskQueue }: ChannelSchedules) {
  const input: SpinCycleInput = { broadcasterId, timings };
  return {
    scheduleId: spinScheduleId(broadcasterId),
    spec: { intervals: [{ every: timings.intervalMs }] },
    policies: {
      // A cycle outlives its interval by the grace; skipping would lose every second one.
      overlap: ScheduleOverlapPolicy.ALLOW_ALL,
      // Later than that a cycle could only end as missed. The server takes no less than ten seconds.
      catchupWindow: Math.max(10_000, timings.graceMs + timings.slackMs),
    },
    action: {
      type: "startWorkflow",
      workflowType: SPIN_CYCLE_WORKFLOW,
      workflowId: spinScheduleId(broadcasterId),
      taskQueue,
      args: [input],
      staticSummary: "Gold spin",
      typedSearchAttributes: [
        { key: BROADCASTER, value: broadcasterId },
        { key: STATUS, value: "starting" },
        { key: NEEDS_ATTENTION, value: false },
      ],
    },
  } satisfies ScheduleOptions;
}

function reconcileSchedule({ broadcasterId, taskQueue }: ChannelSchedules) {
  const input: ReconcileInput = { broadcasterId };
  return {
    scheduleId: reconcileScheduleId(broadcasterId),
    spec: { intervals: [{ every: "1m" }] },
    // One run at a time is enough, and a missed one is made good by the next.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: "10s" },
    action: {
      type: "startWorkflow",
      workflowType: RECONCILE_WORKFLOW,
      workflowId: reconcileScheduleId(broadcasterId),
      taskQueue,
      args: [input],
      staticSummary: "Mend what came apart between rows and workflows",
      typedSearchAttributes: [{ key: BROADCASTER, value: broadcasterId }],
    },
  } satisfies ScheduleOptions;
}
