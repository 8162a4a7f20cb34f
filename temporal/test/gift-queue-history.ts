import { giftQueueWorkflowId } from "@mgm/workflows/ids";
import { expect } from "vitest";
import type { World } from "./world.ts";

/** EventType numbers, as histories carry them. */
export const EVENT_TYPE = { activityScheduled: "10", activityCompleted: "12", timerStarted: "17" } as const;

/** An event of the queue's history. */
export interface QueueEvent {
  readonly eventType: string;
  /** Whose beginning or success it is. */
  readonly activity: string | null;
}

/** Every run of the queue, oldest first. */
export async function queueHistories(world: World): Promise<QueueEvent[][]> {
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
  const names = new Map<string, string>();
  const named = (events ?? []).map((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) names.set(String(event.eventId), scheduled.activityType?.name ?? "");
    const of = event.activityTaskCompletedEventAttributes?.scheduledEventId ?? event.eventId;
    return { eventType: String(event.eventType), activity: names.get(String(of)) ?? null };
  });
  const { newExecutionRunId } = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes ?? {};
  return { events: named, next: newExecutionRunId ?? null };
}

/** The beginnings and successes of serving in these runs. */
function servings(runs: QueueEvent[][]): string[] {
  return runs
    .flat()
    .filter(({ activity }) => activity === "serveGift")
    .map(({ eventType }) => eventType);
}

/** How many requests were served to their end in these runs. */
export function servedIn(runs: QueueEvent[][]): number {
  return servings(runs).filter((eventType) => eventType === EVENT_TYPE.activityCompleted).length;
}

/** Nothing in the queue's histories but wake-ups and, one after the other, so many requests and their ends. */
export function expectPromotedByEnds(runs: QueueEvent[][], requests: number): void {
  expect(runs.flat().map(({ eventType }) => eventType)).not.toContain(EVENT_TYPE.timerStarted);
  const { activityScheduled, activityCompleted } = EVENT_TYPE;
  expect(servings(runs)).toEqual(Array(requests).fill([activityScheduled, activityCompleted]).flat());
}
