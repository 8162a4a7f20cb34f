import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Environment } from "@mgm/activities/settings";
import { StartError } from "./start-error.ts";

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const PROGRAM = fileURLToPath(new URL("find-temporal-main.ts", import.meta.url));

/** The path of a `temporal` program; null when `signal` ended the search, with everything that it had started. */
export async function findTemporalProgram(
  environment: Environment,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<string | null> {
  const child = spawn(process.execPath, ["--import", LOADER, PROGRAM], {
    // A group of its own, which can be ended as one: a download or a build is several processes.
    detached: true,
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const endGroup = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    process.kill(-child.pid, "SIGKILL");
  };
  const closed = once(child, "close");
  signal.addEventListener("abort", endGroup, { once: true });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    tell(line);
  });
  try {
    if (signal.aborted) endGroup();
    const [path, [code]] = await Promise.all([text(child.stdout), closed]);
    if (signal.aborted) return null;
    if (code === 0 && path !== "") return path;
    throw new StartError(`There is no Temporal to run. ${lines.length === 0 ? `(exit code ${code})` : "See above."}`);
  } finally {
    signal.removeEventListener("abort", endGroup);
  }
}
