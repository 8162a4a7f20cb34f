import { setTimeout as delay } from "node:timers/promises";

/** What the bridge knows of time; tests bring their own. */
export interface Clock {
  /** Unix milliseconds. The machine's clock may be put to any other time meanwhile. */
  now(): number;
  /** Milliseconds since some moment, of a clock that nobody puts: for spans of time within one process. */
  elapsed(): number;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => Math.round(performance.now()),
  sleep: async (durationMs, signal) => {
    await delay(durationMs, undefined, { signal });
  },
};
