import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describeProcess } from "../engines/running-process.ts";
import { descendantsOf } from "./own-processes.ts";

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const LOOK_EVERY_MS = 25;

/** A start that a test made. */
export interface Launched {
  readonly child: ChildProcess;
  /** Settles at the end of the process. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Everything that ever descended from it and still runs. */
  survivors(): Promise<number[]>;
  /** How many processes it was seen to have. */
  processesSeen(): number;
}

/** How a test starts. */
export interface LaunchOptions {
  /** An empty folder, so that nobody's `.env` is read. */
  readonly folder: string;
  readonly flags: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** The test's own environment, of which only what finds programs is handed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs what `npm start` runs. */
export function launch({ folder, flags, settings, environment }: LaunchOptions): Launched {
  const { PATH = "", HOME = "", XDG_CACHE_HOME = "", TEMPORAL_CLI = "" } = environment;
  const child = spawn(process.execPath, ["--import", LOADER, MAIN, ...flags], {
    cwd: folder,
    env: { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const seen = new Set<number>();
  const look = (): void => {
    for (const pid of descendantsOf(child.pid ?? -1)) seen.add(pid);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => {
      clearInterval(timer);
      return { code: code as number | null, stdout, stderr };
    },
  );
  return {
    child,
    ended,
    processesSeen: () => seen.size,
    async survivors() {
      const running = await Promise.all([...seen].map(async (pid) => ((await describeProcess(pid)) ? pid : null)));
      return running.filter((pid) => pid !== null);
    },
  };
}

/** An empty folder, and how to be rid of it. */
export async function emptyFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "mgm-start-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
