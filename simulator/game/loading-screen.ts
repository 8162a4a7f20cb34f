import type { GameClock } from "./clock.ts";

/** A loading screen: time passes, and the client does nothing else until it is through. */
export class LoadingScreen {
  #leftMs: number;
  readonly #enter: () => void;

  /** `enter` runs once, when the screen is through; with no time to wait, at the first call of `pass`. */
  constructor(durationMs: number, enter: () => void) {
    this.#leftMs = durationMs;
    this.#enter = enter;
  }

  get isInstant(): boolean {
    return this.#leftMs <= 0;
  }

  /** One frame of waiting. */
  pass(clock: GameClock, ms: number): void {
    clock.skip(ms);
    this.#leftMs -= ms;
    if (this.#leftMs <= 0) this.#enter();
  }
}
