import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";

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
