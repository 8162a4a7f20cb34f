import { execFile } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";
import { platform } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { EngineError } from "./engine-error.ts";

const run = promisify(execFile);
const pollMs = 20;

/** A process of this machine, whoever started it. */
export interface RunningProcess {
  pid: number;
  parentPid: number;
  /** The short name of its program, such as `postgres`. */
  name: string;
  /** Program and arguments, separated by blanks. */
  command: string;
}

// A zombie counts as gone: where process 1 does not reap (a bare container) an orphan stays one for ever.
async function describeByProc(pid: number): Promise<RunningProcess | null> {
  try {
    const [stat, cmdline] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    // The name stands in brackets and may itself contain blanks and brackets.
    const nameEnd = stat.lastIndexOf(")");
    const [state, parentPid] = stat.slice(nameEnd + 2).split(" ");
    if (state === "Z" || state === "X") return null;
    const name = stat.slice(stat.indexOf("(") + 1, nameEnd);
    return { pid, parentPid: Number(parentPid), name, command: cmdline.replaceAll("\0", " ").trim() };
  } catch {
    return null;
  }
}

async function describeByPs(pid: number): Promise<RunningProcess | null> {
  try {
    const { stdout } = await run("ps", ["-o", "stat=,ppid=,command=", "-p", String(pid)]);
    const [, state, parentPid, command] = /^\s*(\S+)\s+(\d+)\s+(.*\S)\s*$/.exec(stdout) ?? [];
    if (state === undefined || command === undefined || state.startsWith("Z")) return null;
    const program = command.split(" ")[0] ?? "";
    return { pid, parentPid: Number(parentPid), name: program.slice(program.lastIndexOf("/") + 1), command };
  } catch {
    return null;
  }
}

/** The process with this number, or null when there is none (any more). */
export async function describeProcess(pid: number): Promise<RunningProcess | null> {
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return platform() === "linux" ? describeByProc(pid) : describeByPs(pid);
}

/** The folder a process works in; null when it is gone or the system does not tell. */
export async function workingFolderOf(pid: number): Promise<string | null> {
  return readlink(`/proc/${pid}/cwd`).catch(() => null);
}

/** All processes with this program name that work in this (real) folder; empty where the system does not tell. */
export async function processesIn(folder: string, name: string): Promise<RunningProcess[]> {
  if (platform() !== "linux") return [];
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const there = await Promise.all(
    pids.map(async (pid) => ((await workingFolderOf(pid)) === folder ? describeProcess(pid) : null)),
  );
  return there.filter((found) => found !== null).filter((found) => found.name === name);
}

async function isGoneWithin(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while ((await describeProcess(pid)) !== null) {
    if (Date.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return;
    throw new EngineError("already_running", `process ${pid} belongs to another user and still runs`, { cause: error });
  }
}

/** One stage of stopping a process: the signal and how long to wait for its effect. */
export type StopStage = readonly [signal: NodeJS.Signals, timeoutMs: number];

/** Ends a process that is not our child, stage by stage; fails with `stop_timeout` when it outlives the last one. */
export async function stopForeignProcess(pid: number, stages: readonly StopStage[]): Promise<void> {
  for (const [name, timeoutMs] of stages) {
    signal(pid, name);
    if (await isGoneWithin(pid, timeoutMs)) return;
  }
  throw new EngineError("stop_timeout", `process ${pid} does not end`);
}
