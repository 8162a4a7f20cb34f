import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Environment } from "../../../activities/settings.ts";
import type { LogFile } from "../../../temporal/start/log-files.ts";
import type { Life } from "./mortal.ts";

/** How to run a program of ours. */
export interface ProgramOptions {
  readonly program: URL;
  readonly environment: Environment;
  readonly log: LogFile;
}

const STOPS_WITHIN_MS = 20_000;

/** Starts a program as a child that can be killed. */
export function startProgram({ program, environment, log }: ProgramOptions): Life & { readonly child: ChildProcess } {
  const child = fork(fileURLToPath(program), {
    // Ctrl-C in the terminal is for the driver alone.
    detached: true,
    env: { ...environment },
    stdio: ["ignore", log.descriptor, log.descriptor, "ipc"],
    execArgv: [],
  });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  return {
    child,
    ended,
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      child.kill("SIGTERM");
      const late = new AbortController();
      await Promise.race([ended, delay(STOPS_WITHIN_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
