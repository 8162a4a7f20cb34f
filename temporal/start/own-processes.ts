import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:os";

/** Process numbers of everything that descends from `root`, as far as the system tells. */
export function descendantsOf(root: number): number[] {
  const parents = platform() === "linux" ? parentsByProc() : parentsByPs();
  const found: number[] = [];
  const open = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const [pid, parentOfPid] of parents) {
      if (parentOfPid !== parent) continue;
      found.push(pid);
      open.push(pid);
    }
  }
  return found;
}

/** The last resort: ends all of them at once. */
export function killDescendantsOf(root: number): void {
  for (const pid of descendantsOf(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      // It was quicker.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function parentsByProc(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      // The name before it stands in brackets and may itself hold blanks and brackets.
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended while we looked.
    }
  }
  return parents;
}

function parentsByPs(): Map<number, number> {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return new Map(lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]));
}
