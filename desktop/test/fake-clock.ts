import type { Clock } from "../bridge/clock.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now = Date.parse("2026-04-04T12:00:00.000Z")) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#now;
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const sleeper = { until: this.#now + durationMs, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", abort, { once: true });
    });
  }

  /** When the next sleeper wakes; null when nobody sleeps. */
  get nextWake(): number | null {
    return this.#sleepers.size === 0 ? null : Math.min(...[...this.#sleepers].map(({ until }) => until));
  }

  /** Moves time on, waking sleepers in the order of their times and letting each act before the next. */
  async advance(durationMs: number): Promise<void> {
    const until = this.#now + durationMs;
    await settle();
    for (let next = this.nextWake; next !== null && next <= until; next = this.nextWake) {
      this.#now = Math.max(this.#now, next);
      for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#now) sleeper.wake();
      await settle();
    }
    this.#now = until;
  }
}

/** Lets everything that is ready to run, store writes included, run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
