import { TWITCH_USER } from "@mgm/workflows/search-attributes";
import { type Client, WorkflowNotFoundError } from "@temporalio/client";

/** One run of a workflow that tells of a viewer. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
  readonly isRunning: boolean;
}

/** All runs that Temporal still keeps of what was about a viewer. */
export async function executionsAbout(client: Client, twitchUserId: string): Promise<Execution[]> {
  const query = `${TWITCH_USER.name} = '${twitchUserId.replaceAll("'", "''")}'`;
  const found: Execution[] = [];
  for await (const { workflowId, runId, status } of client.workflow.list({ query })) {
    found.push({ workflowId, runId, isRunning: status.name === "RUNNING" || status.name === "PAUSED" });
  }
  return found;
}

/** Asks Temporal to delete a closed run with its history and its search attributes; it does so soon after. */
export async function deleteExecution(client: Client, { workflowId, runId }: Execution): Promise<void> {
  try {
    await client.workflowService.deleteWorkflowExecution({
      namespace: client.options.namespace,
      workflowExecution: { workflowId, runId },
    });
  } catch (error) {
    // Retention, or an earlier run of this, was faster.
    if (!isNotFound(error)) throw error;
  }
}

const NOT_FOUND = 5;

function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || (error as { code?: unknown }).code === NOT_FOUND;
}
