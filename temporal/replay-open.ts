import type { Client } from "@temporalio/client";
import { isGrpcServiceError } from "@temporalio/client";
import { Worker } from "@temporalio/worker";

/** What a build made of one open workflow. */
export interface ReplayedOpen {
  readonly workflowId: string;
  readonly runId: string;
  /** Why this build cannot go on with it; null when it can. */
  readonly fault: string | null;
}

/**
 * Replays every open workflow of a task queue under a bundle. A workflow that ends meanwhile is replayed all the same;
 * one that the server has forgotten is left out.
 */
export async function* replayOpen(
  client: Client,
  { taskQueue, bundleFile }: { readonly taskQueue: string; readonly bundleFile: string },
): AsyncIterable<ReplayedOpen> {
  const query = `TaskQueue = '${taskQueue}' and ExecutionStatus = 'Running'`;
  async function* histories() {
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      try {
        const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
        yield { workflowId, history: await handle.fetchHistory() };
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    }
  }
  const options = { workflowBundle: { codePath: bundleFile } };
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories())) {
    yield { workflowId, runId, fault: error === undefined ? null : String(error.message) };
  }
}

const NOT_FOUND = 5;

function isGone(error: unknown): boolean {
  return isGrpcServiceError(error) && (error.code as number) === NOT_FOUND;
}
