import { type Clock, systemClock } from "../../bridge/clock.ts";

/** The machine's clock, which can be put, and held at a pause that others make, to change the world meanwhile. */
export class PausingClock implements Clock {
  #heldMs: number | null = null;
  #goOn: () => void = () => undefined;
  #whenHeld: () => void = () => undefined;
  #held: Promise<void> = Promise.resolve();
  shiftMs = 0;

  now(): number {
    return systemClock.now() + this.shiftMs;
  }

  elapsed(): number {
    return systemClock.elapsed();
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    await systemClock.sleep(durationMs, signal);
    if (durationMs !== this.#heldMs) return;
    this.#heldMs = null;
    const released = new Promise<void>((resolve) => {
      this.#goOn = resolve;
    });
    this.#whenHeld();
    await released;
  }

  /** Holds the next pause of this length. */
  holdNext(durationMs: number): void {
    this.#heldMs = durationMs;
    this.#held = new Promise((resolve) => {
      this.#whenHeld = resolve;
    });
  }

  held(): Promise<void> {
    return this.#held;
  }

  goOn(): void {
    this.#goOn();
  }
}
