import { readFile } from "node:fs/promises";

/** Linux counts the start of a process in hundredths of a second since the machine's start. */
const TICKS_PER_SECOND = 100;
const FIELD_STARTED = 22;

/**
 * When a process of Linux was started, in Unix milliseconds; null when it is not there, or hidden by a sandbox.
 *
 * @param readText reads a file below /proc
 */
export async function processStartedAt(
  processId: number,
  readText: (path: string) => Promise<string> = (path) => readFile(path, "utf8"),
): Promise<number | null> {
  try {
    const [stat, system] = await Promise.all([readText(`/proc/${processId}/stat`), readText("/proc/stat")]);
    // The second field is the program's name in brackets, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[FIELD_STARTED - 3]);
    const machineStartedAt = Number(/^btime (\d+)$/m.exec(system)?.[1]);
    const startedAt = (machineStartedAt + ticks / TICKS_PER_SECOND) * 1_000;
    return Number.isFinite(startedAt) ? startedAt : null;
  } catch {
    return null;
  }
}
