import { type Clock, systemClock } from "../../bridge/clock.ts";

/** The machine's clock, which can be held at one of the pauses that others make, to change the world meanwhile. */
export class PausingClock implements Clock {
  #left = 0;
  #goOn: () => void = () => undefined;
  #whenPaused: () => void = () => undefined;
  #paused: Promise<void> = Promise.resolve();

  now(): number {
    return systemClock.now();
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    await systemClock.sleep(durationMs, signal);
    this.#left -= 1;
    if (this.#left !== 0) return;
    const released = new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    this.#whenPaused();
    await released;
  }

  /** Holds the count-th pause from now. */
  pauseAt(count: number): void {
    this.#left = count;
    this.#paused = new Promise((resolve) => {
      this.#whenPaused = resolve;
    });
  }

  paused(): Promise<void> {
    return this.#paused;
  }

  goOn(): void {
    this.#goOn();
  }
}
