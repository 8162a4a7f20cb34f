import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Processes of ours whose clocks can be set, each as if on a machine of its own. */
export const CLOCKS = ["api", "api2", "worker", "worker2", "bridge"] as const;
export type ClockOwner = (typeof CLOCKS)[number];

const PRELOAD = new URL("preload.mjs", import.meta.url).href;

/** The wall clocks of processes, each off by what was set last, over their deaths. */
export class Clocks {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What a process is started with. */
  environmentOf(owner: ClockOwner): Record<string, string> {
    return { NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK_OFFSET_FILE: this.#fileOf(owner) };
  }

  set(owner: ClockOwner, offsetMs: number): void {
    const file = this.#fileOf(owner);
    writeFileSync(`${file}.new`, String(offsetMs));
    // Nobody reads half a number.
    renameSync(`${file}.new`, file);
  }

  #fileOf(owner: ClockOwner): string {
    return join(this.#folder, `clock-${owner}`);
  }
}
