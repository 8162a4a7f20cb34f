import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Environment } from "@mgm/activities/settings";
import type { LogFile } from "./log-files.ts";

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const SERVICE_MAIN = fileURLToPath(new URL("service-main.ts", import.meta.url));
/** A worker gives its activities up to 20 s. */
const STOP_WITHIN_MS = 25_000;
const KILLED_WITHIN_MS = 5_000;

/** A program of ours that runs as our child. */
export interface ServiceProcess {
  /** Settles when it has ended, with a phrase such as `exit code 1`. */
  readonly ended: Promise<string>;
  /** Ends it; harmless when it has ended already. */
  stop(): Promise<void>;
}

/** Starts a TypeScript program, in a session of its own so that Ctrl-C in the terminal reaches the launcher only. */
export function startService(program: URL, environment: Environment, log: LogFile): ServiceProcess {
  const child = fork(SERVICE_MAIN, [program.href], {
    detached: true,
    env: { ...environment },
    execArgv: ["--import", LOADER],
    stdio: ["ignore", log.descriptor, log.descriptor, "ipc"],
  });
  const ended = endOf(child);
  return {
    ended,
    async stop() {
      for (const [signal, withinMs] of [
        ["SIGTERM", STOP_WITHIN_MS],
        ["SIGKILL", KILLED_WITHIN_MS],
      ] as const) {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill(signal);
        const waited = new AbortController();
        const late = delay(withinMs, undefined, { signal: waited.signal }).catch(() => undefined);
        await Promise.race([ended, late]);
        waited.abort();
      }
      if (child.exitCode === null && child.signalCode === null) throw new Error(`process ${child.pid} does not end`);
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
