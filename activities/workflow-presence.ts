import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";

/** The most that a server gives at once. */
const LIST_PAGE = 1_000;

/** Starts a workflow unless it is there; returns whether it did. */
export async function startOnce(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Whether a workflow runs, has ended in whatever way, or never was. */
export async function presenceOf(client: Client, workflowId: string): Promise<"never" | "running" | "closed"> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === "RUNNING" || status.name === "PAUSED" ? "running" : "closed";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return "never";
    throw error;
  }
}

/** Ids of workflows that the server's list has for a query; the list follows a moment later. */
export async function listedIds(client: Client, query: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list({ query, pageSize: LIST_PAGE })) ids.add(workflowId);
  return ids;
}

/** Lets a workflow that still runs read its row again; false when there is none. */
export async function lookIfRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).signal("lookSignal");
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
