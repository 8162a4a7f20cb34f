import { giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { defaultPayloadConverter } from "@temporalio/common";
import { expect } from "vitest";
import type { World } from "./world.ts";

/** EventType numbers, as histories carry them. */
export const EVENT_TYPE = { activityScheduled: "10", activityCompleted: "12", timerStarted: "17" } as const;

/** An event of the queue's history. */
export interface QueueEvent {
  readonly eventType: string;
  /** Whose beginning or success it is. */
  readonly activity: string | null;
  /** Whom the activity is about; null for other events. */
  readonly giftRequestId: string | null;
  /** When the server wrote it, Unix milliseconds. */
  readonly at: number;
}

/** Every run of the queue, oldest first. */
async function queueHistories(world: World): Promise<QueueEvent[][]> {
  const query = `WorkflowId = '${giftQueueWorkflowId(world.broadcasterId)}'`;
  const runs: { startTime: Date; runId: string }[] = [];
  for await (const run of world.client.workflow.list({ query })) runs.push(run);
  runs.sort((one, other) => one.startTime.getTime() - other.startTime.getTime());
  return await Promise.all(runs.map(async ({ runId }) => (await queueRun(world, runId)).events));
}

/** A run of the queue and all that it was continued as. */
export async function continuedFrom(world: World, runId: string): Promise<QueueEvent[][]> {
  const { events, next } = await queueRun(world, runId);
  return [events, ...(next === null ? [] : await continuedFrom(world, next))];
}

async function queueRun(world: World, runId: string): Promise<{ events: QueueEvent[]; next: string | null }> {
  const { events } = await world.client.workflow
    .getHandle(giftQueueWorkflowId(world.broadcasterId), runId)
    .fetchHistory();
  const activities = new Map<string, Pick<QueueEvent, "activity" | "giftRequestId">>();
  const named = (events ?? []).map((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) {
      const [input] = scheduled.input?.payloads ?? [];
      const { giftRequestId = null } = input
        ? defaultPayloadConverter.fromPayload<{ giftRequestId?: string }>(input)
        : {};
      activities.set(String(event.eventId), { activity: scheduled.activityType?.name ?? "", giftRequestId });
    }
    const of = event.activityTaskCompletedEventAttributes?.scheduledEventId ?? event.eventId;
    const { seconds, nanos } = event.eventTime ?? {};
    const at = Number(seconds) * 1_000 + (nanos ?? 0) / 1e6;
    const about = activities.get(String(of)) ?? { activity: null, giftRequestId: null };
    return { eventType: String(event.eventType), at, ...about };
  });
  const { newExecutionRunId } = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes ?? {};
  return { events: named, next: newExecutionRunId ?? null };
}

/** The beginnings and successes of serving in these runs. */
function servings(runs: QueueEvent[][]): QueueEvent[] {
  return runs.flat().filter(({ activity }) => activity === "serveGift");
}

/** How many requests were served to their end in these runs. */
export function servedIn(runs: QueueEvent[][]): number {
  return servings(runs).filter(({ eventType }) => eventType === EVENT_TYPE.activityCompleted).length;
}

/**
 * Nothing in the queue's histories but wake-ups and, one after the other, so many requests and their ends; whoever looked
 * for the end in the rows would have seen it before the request's workflow closed.
 */
export async function expectPromotedByEnds(world: World, requests: number): Promise<void> {
  const runs = await queueHistories(world);
  expect(runs.flat().map(({ eventType }) => eventType)).not.toContain(EVENT_TYPE.timerStarted);
  const { activityScheduled, activityCompleted } = EVENT_TYPE;
  const served = servings(runs);
  expect(served.map(({ eventType }) => eventType)).toEqual(
    Array(requests).fill([activityScheduled, activityCompleted]).flat(),
  );
  for (const { at, giftRequestId } of served.filter(({ eventType }) => eventType === activityCompleted)) {
    const { closeTime } = await world.client.workflow.getHandle(giftWorkflowId(giftRequestId ?? "")).describe();
    expect(closeTime?.getTime()).toBeLessThanOrEqual(at);
  }
}
