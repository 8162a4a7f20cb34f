import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { ScheduleNotFoundError } from "@temporalio/client";
import { engines } from "./engines.ts";
import type { World } from "./world.ts";

/** A process of ours that a test may kill. */
export interface TestProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended, however. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts a script of this repository with exactly these settings. */
export function startProcess(script: string, environment: Record<string, string>): TestProcess {
  // With the other logs of the run, which are searched for secrets.
  const log = openSync(join(engines().logFolder, `process-${randomUUID()}.log`), "w");
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, LOG_LEVEL: "debug" },
    stdio: ["ignore", "ignore", log],
  });
  closeSync(log);
  const ended = once(child, "exit").then(([code, signal]) => signal ?? code);
  return {
    child,
    ended,
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await ended;
    },
  };
}

/** Removes the schedules that worker processes made: the Temporal server is the whole run's. */
export async function deleteSchedules({ client, broadcasterId }: World): Promise<void> {
  for (const scheduleId of [spinScheduleId(broadcasterId), reconcileScheduleId(broadcasterId)]) {
    await client.schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
  }
}
