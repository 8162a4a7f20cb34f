import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { type Client, type Connection, ScheduleNotFoundError } from "@temporalio/client";
import type { EventSub, PartHealth } from "./dependencies.ts";

const CHECK_WITHIN_MS = 1_200;
/** A worker that polls renews its mark at least this often. */
const POLLED_WITHIN_MS = 90_000;

/** Whether Temporal answers for our namespace. */
export function temporalHealth(connection: Connection, namespace: string): () => Promise<PartHealth> {
  return async () => {
    await connection.withDeadline(Date.now() + CHECK_WITHIN_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return "ok";
  };
}

/** The task queue that workers ask for our work. */
export interface WorkQueue {
  readonly connection: Connection;
  readonly namespace: string;
  readonly taskQueue: string;
}

/** Whether a worker has asked for our work lately. */
export function workerHealth(queue: WorkQueue): () => Promise<PartHealth> {
  return async () => ((await recentPollers(queue)).length > 0 ? "ok" : "down");
}

/** Which builds of the workflow code have asked for our work lately: more than one while workers are being replaced. */
export function workerBuilds(queue: WorkQueue): () => Promise<readonly string[]> {
  return async () => {
    const builds = (await recentPollers(queue)).map((poller) => poller.deploymentOptions?.buildId || "unlabelled");
    return [...new Set(builds)].sort();
  };
}

/** Whether each of a channel's schedules is there and not paused. */
export function schedulesHealth(client: Client, broadcasterId: string): () => Promise<Record<string, boolean>> {
  const isActive = async (scheduleId: string): Promise<boolean> => {
    try {
      return !(await client.schedule.getHandle(scheduleId).describe()).state.paused;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    }
  };
  return async () => {
    const [spin, reconcile] = await client.withDeadline(Date.now() + CHECK_WITHIN_MS, () =>
      Promise.all([isActive(spinScheduleId(broadcasterId)), isActive(reconcileScheduleId(broadcasterId))]),
    );
    return { spin, reconcile };
  };
}

async function recentPollers({ connection, namespace, taskQueue }: WorkQueue) {
  const { pollers } = await connection.withDeadline(Date.now() + CHECK_WITHIN_MS, () =>
    connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: 1 }),
  );
  return (pollers ?? []).filter(
    (poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1000 < POLLED_WITHIN_MS,
  );
}

/** Twitch verifies a new subscription within seconds. */
const VERIFIED_WITHIN_MS = 60_000;

/**
 * Whether chat reaches us. A subscription that is being verified counts as there for a minute: every new one passes
 * through that state, and to call each start degraded would teach operators to look away.
 */
export function eventSubHealth(eventSub: EventSub, broadcasterId: string): () => Promise<PartHealth> {
  return async () => {
    const { status, since } = await eventSub.status(broadcasterId);
    switch (status) {
      case "enabled":
        return "ok";
      case "pending":
        return Date.now() - since > VERIFIED_WITHIN_MS ? "down" : "ok";
      case "revoked":
      case "failed":
        return "down";
      case "simulated":
      case "unconfigured":
        return status;
      default:
        return status satisfies never;
    }
  };
}
