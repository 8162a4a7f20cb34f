import type { Client } from "@temporalio/client";
import type { Execution, History } from "./evidence.ts";

/** Lists every run of every workflow. */
export async function readExecutions(client: Client): Promise<Execution[]> {
  const executions: Execution[] = [];
  for await (const { workflowId, runId, type, status } of client.workflow.list()) {
    executions.push({ workflowId, runId, type, status: status.name });
  }
  return executions;
}

/**
 * What Temporal notes when messages and time-outs cross or a worker dies, by its enumeration `WorkflowTaskFailedCause`:
 * unhandled command, reset sticky queue, force close, failover close, unhandled update. It repeats the task.
 */
const HARMLESS_CAUSES: readonly number[] = [1, 13, 17, 18, 31];

/** Reads the history of each execution. */
export async function readHistories(client: Client, executions: readonly Execution[]): Promise<History[]> {
  const histories: History[] = [];
  for (const { workflowId, runId, type } of executions) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const failedTasks = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => {
      if (failed == null) return [];
      const cause = Number(failed.cause ?? 0);
      return HARMLESS_CAUSES.includes(cause) ? [] : [`cause ${cause}: ${failed.failure?.message ?? ""}`];
    });
    const [returned] = events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
    histories.push({ workflowId, type, result: readPayload(returned?.data), failedTasks });
  }
  return histories;
}

/** What a workflow returns is JSON; null of one that returns nothing. */
function readPayload(data: Uint8Array | null | undefined): History["result"] {
  return data == null || data.length === 0
    ? null
    : (JSON.parse(Buffer.from(data).toString("utf8")) as History["result"]);
}
