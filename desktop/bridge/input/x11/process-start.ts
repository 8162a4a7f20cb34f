import { readFile } from "node:fs/promises";

/** Linux counts the start of a process in hundredths of a second since the machine's start. */
const TICKS_PER_SECOND = 100;
const FIELD_STARTED = 22;

type ReadText = (path: string) => Promise<string>;

/** Tells when processes of Linux were started. */
export class ProcessStarts {
  readonly #readText: ReadText;
  /** The system counts from the machine's start, and puts that with its clock: what a process was said to be stays. */
  readonly #known = new Map<number, { readonly ticks: number; readonly startedAt: number }>();

  /** @param readText reads a file below /proc */
  constructor(readText: ReadText = (path) => readFile(path, "utf8")) {
    this.#readText = readText;
  }

  /** In Unix milliseconds, by the clock as it was when first asked; null when it is not there, or hidden by a sandbox. */
  async startedAt(processId: number): Promise<number | null> {
    try {
      const [stat, system] = await Promise.all([
        this.#readText(`/proc/${processId}/stat`),
        this.#readText("/proc/stat"),
      ]);
      // The second field is the program's name in brackets, which may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const ticks = Number(fields[FIELD_STARTED - 3]);
      const known = this.#known.get(processId);
      if (known?.ticks === ticks) return known.startedAt;
      const machineStartedAt = Number(/^btime (\d+)$/m.exec(system)?.[1]);
      const startedAt = (machineStartedAt + ticks / TICKS_PER_SECOND) * 1_000;
      if (!Number.isFinite(startedAt)) return null;
      this.#known.set(processId, { ticks, startedAt });
      return startedAt;
    } catch {
      return null;
    }
  }
}
