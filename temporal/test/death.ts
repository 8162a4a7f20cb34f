import { expect } from "vitest";
import { engines } from "./engines.ts";
import { startProcess } from "./process.ts";
import { eventually, startWorld, type World } from "./world.ts";

/** Runs `story` while a worker dies at `point` and another one takes over. */
export async function withDeathAt(
  point: string,
  story: (world: World, died: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const world = await startWorld({ worker: false });
  const script = "temporal/test/doomed-worker.ts";
  const settings = { ...world.environment, WORKFLOW_BUNDLE: engines().bundleFile };
  const doomed = startProcess(script, { ...settings, DIE_AT: point });
  const successor = doomed.ended.then(() => startProcess(script, settings));
  try {
    // Cycles have their hours: nothing begins before there is somebody to work on it.
    await eventually(async () => (await world.get("/readyz")).body.worker === "ok");
    await story(world, doomed.ended);
    expect(await doomed.ended).toBe("SIGKILL");
  } finally {
    doomed.child.kill("SIGKILL");
    await (await successor).kill();
    await world.stop();
  }
}
