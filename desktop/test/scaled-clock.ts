import type { Clock } from "../bridge/clock.ts";
import { systemClock } from "../bridge/clock.ts";

/** A clock that runs so many times faster than the machine's, from `baseMs` on; two of one base agree. */
export function scaledClock(speed: number, baseMs: number): Clock {
  return {
    now: () => baseMs + (Date.now() - baseMs) * speed,
    sleep: (durationMs, signal) => systemClock.sleep(durationMs / speed, signal),
  };
}
