import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of ours that a bench has started. */
export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const running = new Set<ChildProcess>();
const engines = new Set<number>();
// However the bench ends, nothing of it stays behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const pid of engines) process.kill(pid, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));

/** Has an engine end with the bench as well, until it `ended` by itself. */
export function endWithUs({ pid, ended }: { readonly pid: number; readonly ended: Promise<unknown> }): void {
  engines.add(pid);
  void ended.finally(() => engines.delete(pid));
}

/** Starts a script of this repository with exactly these settings. */
export function startScript(script: string, settings: Readonly<Record<string, string>>): Child {
  const { PATH, HOME } = environment();
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: "production", ...settings },
    // Its log goes nowhere, but is written as ever.
    stdio: "ignore",
  });
  running.add(child);
  const ended = once(child, "exit").finally(() => running.delete(child));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} did not start`);
  return {
    pid,
    process: child,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function environment() {
  // biome-ignore lint/style/noProcessEnv: a child must find its programs
  return process.env;
}

const ANSWER_WITHIN_MS = 30_000;

/** Waits until an address answers, with whatever status. */
export async function untilItAnswers(url: string): Promise<void> {
  const until = Date.now() + ANSWER_WITHIN_MS;
  for (;;) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (Date.now() > until) throw new Error(`nothing answers at ${url}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
