import type { Client } from "@temporalio/client";
import { type Execution, type Finding, found } from "./evidence.ts";

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

/** Reads the history of each execution: no task of it may have failed in the workflow's own code. */
export async function checkHistories(client: Client, executions: readonly Execution[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { workflowId, runId } of executions) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { workflowTaskFailedEventAttributes: failed } of events ?? []) {
      if (failed == null) continue;
      const cause = Number(failed.cause ?? 0);
      if (!HARMLESS_CAUSES.includes(cause)) {
        findings.push(found("task_failed", workflowId, `cause ${cause}: ${failed.failure?.message ?? ""}`));
      }
    }
  }
  return findings;
}
