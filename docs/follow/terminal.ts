import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { missingLines } from "./shown.ts";

const LOOK_EVERY_MS = 200;

/** A shell command, and all that it has shown so far. */
export class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #output = "";
  #hasEnded = false;

  constructor(command: string, cwd: string, env: NodeJS.ProcessEnv) {
    // A group of its own, so that Ctrl-C reaches all of it, as a terminal's does.
    this.#child = spawn(command, { shell: true, cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        process.stdout.write(text);
      });
    }
    this.#ended = once(this.#child, "close").then(([code]) => {
      this.#hasEnded = true;
      return code as number | null;
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Waits for the end; the status. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits until all these lines were shown, for as long as it runs and the time allows; what is missing. */
  async untilShown(lines: readonly string[], timeoutMs: number): Promise<string[]> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const missing = missingLines(lines, this.#output);
      if (missing.length === 0 || this.#hasEnded || Date.now() > end) return missing;
      await Promise.race([this.#ended, pause(LOOK_EVERY_MS)]);
    }
  }

  /** What Ctrl-C does in a terminal. */
  interrupt(): void {
    if (this.#child.pid !== undefined && !this.#hasEnded) process.kill(-this.#child.pid, "SIGINT");
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
