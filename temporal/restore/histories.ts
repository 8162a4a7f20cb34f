import { type Client, type WorkflowExecutionInfo, WorkflowNotFoundError } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";

type History = Awaited<ReturnType<ReturnType<Client["workflow"]["getHandle"]>["fetchHistory"]>>;

/** One run of a workflow: what it began with, and what its activities returned, in order. */
export interface RecordedRun {
  readonly info: WorkflowExecutionInfo;
  readonly input: unknown;
  readonly results: readonly unknown[];
}

/**
 * Reads every run that `query` finds, oldest first; visibility lists the newest first. Lists are a moment behind: a run
 * whose time to be kept is over meanwhile is none.
 */
export async function* recordedRuns(client: Client, query: string): AsyncGenerator<RecordedRun> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query })) found.push(info);
  for (const info of found.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime())) {
    const history = await historyOf(client, info);
    if (history !== null) yield { info, ...recordedIn(history) };
  }
}

/** Servers differ in what they call a history that is gone, not in what they say of its run. */
async function historyOf(client: Client, { workflowId, runId }: WorkflowExecutionInfo): Promise<History | null> {
  const handle = client.workflow.getHandle(workflowId, runId);
  try {
    return await handle.fetchHistory();
  } catch (error) {
    if ((await unlessGone(() => handle.describe())) === null) return null;
    throw error;
  }
}

/** Null when Temporal has no such run, or none that still does what is asked of it. */
export async function unlessGone<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
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
