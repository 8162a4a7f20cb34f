import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { engines } from "./engines.ts";
import { startProcess, type TestProcess } from "./process.ts";
import { startWorld, type World } from "./world.ts";

const LOOK_EVERY_MS = 50;

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
    await untilReady(world, doomed);
    await story(world, doomed.ended);
    expect(await doomed.ended).toBe("SIGKILL");
  } finally {
    doomed.child.kill("SIGKILL");
    await succeeded;
    await world.stop();
  }
}

/** Waits for the worker as long as it takes to start, and for one that has ended not at all. */
async function untilReady(world: World, { child }: TestProcess): Promise<void> {
  while ((await world.get("/readyz")).body.worker !== "ok") {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("the worker ended before it worked");
    await setTimeout(LOOK_EVERY_MS);
  }
}
