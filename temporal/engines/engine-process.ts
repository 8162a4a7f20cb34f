import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { EngineError } from "./engine-error.ts";
import type { StopStage } from "./running-process.ts";

const keptLogLines = 20;
const pollMs = 15;
const lastWordsMs = 500;

/** How to run an engine's program. */
export interface EngineCommand {
  /** The engine's name in messages, such as `PostgreSQL`. */
  name: string;
  program: string;
  args: readonly string[];
  /** The whole environment of the process: nothing is inherited, so that locale and PG* variables cannot interfere. */
  env: Record<string, string>;
  cwd?: string;
  /** The user to run as, when it is not ours. */
  user?: { uid: number; gid: number } | null;
  /** A file descriptor for its standard input. */
  stdin?: number;
  /** True for a mere helper, which Ctrl-C may end together with us. */
  endsWithTerminal?: boolean;
  log: (line: string) => void;
}

/** A running engine's process, our child. */
export interface EngineProcess {
  pid: number;
  /** Settles once, when the process has ended, with a phrase such as `exit code 1`. */
  ended: Promise<string>;
  hasEnded(): boolean;
  /** The last lines it wrote, for error messages. */
  lastLines(): string;
  /** Ends it stage by stage; harmless when it has ended already. */
  stop(stages: readonly StopStage[]): Promise<void>;
}

/** Starts an engine in a session of its own, so that Ctrl-C in the terminal reaches the launcher only. */
export function startEngineProcess(command: EngineCommand): EngineProcess {
  const lines: string[] = [];
  const child = spawn(command.program, command.args, {
    detached: !(command.endsWithTerminal ?? false),
    env: command.env,
    stdio: [command.stdin ?? "ignore", "pipe", "pipe"],
    windowsHide: true,
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.user ?? {}),
  });
  let over = false;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      // Its last words may still be on their way; a process of its own that survives it may keep the pipes open.
      const timer = setTimeout(() => resolve(how), lastWordsMs);
      child.once("close", () => {
        clearTimeout(timer);
        resolve(how);
      });
    });
  }).then((how) => {
    over = true;
    return how;
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > keptLogLines) lines.shift();
      command.log(line);
    });
  }
  const { pid } = child;
  return {
    // Without a number the program could not be run at all, and `ended` says why.
    pid: pid ?? -1,
    ended,
    hasEnded: () => over,
    lastLines: () => (lines.length === 0 ? "(it wrote nothing)" : lines.join("\n")),
    stop: async (stages) => {
      for (const [name, timeoutMs] of stages) {
        if (over || pid === undefined) return;
        child.kill(name);
        const given = new AbortController();
        await Promise.race([ended, delay(timeoutMs, undefined, { signal: given.signal }).catch(() => undefined)]);
        given.abort();
      }
      if (!over) throw new EngineError("stop_timeout", `${command.name} (process ${pid}) does not end`);
    },
  };
}

/** Waits until `isReady`, asked every few milliseconds, says yes; fails when the process ends or the time is over. */
export async function waitUntilReady(
  engine: EngineProcess,
  name: string,
  deadlineAt: number,
  isReady: () => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const isUp = await isReady();
    // Asked afterwards: what answers on a port may be somebody else, for whom our own engine had to give way.
    if (engine.hasEnded()) {
      const lines = engine.lastLines();
      throw new EngineError("start_failed", `${name} ended (${await engine.ended}); its last lines:\n${lines}`);
    }
    if (isUp) return;
    if (Date.now() > deadlineAt) {
      const lines = engine.lastLines();
      throw new EngineError("start_timeout", `${name} did not get ready in time; its last lines:\n${lines}`);
    }
    await delay(pollMs);
  }
}
