import type { Client, WorkflowExecutionInfo } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";

type History = Awaited<ReturnType<ReturnType<Client["workflow"]["getHandle"]>["fetchHistory"]>>;

/** One run of a workflow: what it began with, and what its activities returned, in order. */
export interface RecordedRun {
  readonly info: WorkflowExecutionInfo;
  readonly input: unknown;
  readonly results: readonly unknown[];
}

/** Reads every run that `query` finds, oldest first; visibility lists the newest first. */
export async function* recordedRuns(client: Client, query: string): AsyncGenerator<RecordedRun> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query })) found.push(info);
  for (const info of found.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime())) {
    const history = await client.workflow.getHandle(info.workflowId, info.runId).fetchHistory();
    yield { info, ...recordedIn(history) };
  }
}

function recordedIn(history: History): Omit<RecordedRun, "info"> {
  const events = history.events ?? [];
  const results = events.flatMap((event) => {
    const ordinary = event.activityTaskCompletedEventAttributes?.result;
    if (ordinary != null) return [first(ordinary)];
    // How the SDK keeps a local activity.
    const marker = event.markerRecordedEventAttributes;
    return marker?.markerName === "core_local_activity" ? [first(marker.details?.result)] : [];
  });
  return { input: first(events[0]?.workflowExecutionStartedEventAttributes?.input), results };
}

function first(
  payloads:
    | { readonly payloads?: Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null }
    | null
    | undefined,
): unknown {
  const payload = payloads?.payloads?.[0];
  return payload == null ? undefined : defaultPayloadConverter.fromPayload(payload);
}
