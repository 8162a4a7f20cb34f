import { setTimeout as delay } from "node:timers/promises";
import { FakeClock } from "./fake-clock.ts";

/*
 * Time that hurries, and waits where the machine is slow: it goes on by steps, each after everybody had their turn, so
 * that what takes seconds in the game takes tenths of them here and a stalled machine makes nobody late.
 */

const STEP_MS = 200;
const PAUSE_MS = 10;

/** A clock that runs by itself until it is stopped. */
export class HurriedClock extends FakeClock {
  #isStopped = false;
  #isHeld = false;

  readonly #stepMs: number;

  constructor(stepMs = STEP_MS) {
    super(Date.now());
    this.#stepMs = stepMs;
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      if (!this.#isHeld) await this.advance(this.#stepMs);
      await delay(PAUSE_MS);
    }
  }

  /** Time stands still while something goes on that is not of this time. */
  async hold<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
    }
  }
}
