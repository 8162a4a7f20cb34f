// What the searches for Temporal's programs have in common: where to look, where to keep, how to run what helps.
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { startEngineProcess } from "./engine-process.ts";

const progressIntervalMs = 5_000;

/** What a program's file name ends with on this system. */
export const programSuffix = platform() === "win32" ? ".exe" : "";

/** Where to look for a program, and whom to tell what takes long. */
export interface ProgramSearch {
  /** Default: `mimirons-gold-o-matic` in the user's cache folder. */
  cacheDir?: string;
  /** The environment of this process: PATH, XDG_CACHE_HOME, and what Go needs. */
  env: Readonly<Record<string, string | undefined>>;
  onProgress: (line: string) => void;
  progressIntervalMs?: number;
}

/** An environment without holes. */
export type DefinedEnvironment = Record<string, string>;

/** The environment without what is not set. */
export function definedOf(env: ProgramSearch["env"]): DefinedEnvironment {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The folder for what is fetched or built once per user, outside of every clone. */
export function defaultCacheDir(env: ProgramSearch["env"]): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mimirons-gold-o-matic");
}

/** The path of an installed program; null when there is none. */
export async function findOnPath(program: string, env: DefinedEnvironment): Promise<string | null> {
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter)) {
    if (folder === "") continue;
    const path = resolve(folder, `${program}${programSuffix}`);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

/** A program that helps for a while. */
export interface Helper {
  program: string;
  args: readonly string[];
  env: DefinedEnvironment;
  cwd?: string;
  timeoutMs: number;
}

/** Runs it to its end; `report` says how that was, with its last lines. */
export async function runHelper({ timeoutMs, ...command }: Helper): Promise<{ isGood: boolean; report: string }> {
  const log = () => undefined;
  const child = startEngineProcess({ name: command.program, ...command, endsWithTerminal: true, log });
  const stages = [["SIGTERM", 2_000] as const, ["SIGKILL", 5_000] as const];
  const timer = setTimeout(() => void child.stop(stages).catch(() => undefined), timeoutMs);
  const how = await child.ended;
  clearTimeout(timer);
  return { isGood: how === "exit code 0", report: `${how}\n${child.lastLines()}` };
}

/** Tells again and again that something takes its time. */
export async function withProgress<T>(search: ProgramSearch, label: string, work: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  search.onProgress(label);
  const timer = setInterval(
    () => search.onProgress(`${label}: ${Math.round((Date.now() - startedAt) / 1000)} s`),
    search.progressIntervalMs ?? progressIntervalMs,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
