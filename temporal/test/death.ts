import { expect } from "vitest";
import { engines } from "./engines.ts";
import { startProcess } from "./process.ts";
import { eventually, startWorld, type World } from "./world.ts";

/**
 * Runs `story` while a worker dies at `point` and another one takes over. The other one is this process's own: how long a
 * process takes to start on a busy machine is no part of the story.
 */
export async function withDeathAt(
  point: string,
  story: (world: World, died: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const world = await startWorld({ worker: false });
  const doomed = startProcess("temporal/test/doomed-worker.ts", {
    ...world.environment,
    WORKFLOW_BUNDLE: engines().bundleFile,
    DIE_AT: point,
  });
  const succeeded = doomed.ended.then(() => world.startWorker());
  try {
    // Cycles have their hours: nothing begins before there is somebody to work on it.
    await eventually(async () => (await world.get("/readyz")).body.worker === "ok");
    await story(world, doomed.ended);
    expect(await doomed.ended).toBe("SIGKILL");
  } finally {
    doomed.child.kill("SIGKILL");
    await succeeded;
    await world.stop();
  }
}
