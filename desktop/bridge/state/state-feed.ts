import type { DesktopState } from "../../wire/state.ts";
import type { UnnumberedState } from "./build-state.ts";

/** At most five states a second: whatever happens in between is in the next one. */
const PAUSE_MS = 200;

/** Hands out states: whole, numbered, and only when something is different. */
export class StateFeed {
  readonly #build: () => UnnumberedState;
  readonly #listeners = new Set<(state: DesktopState) => void>();
  #revision = 0;
  #shown = "";
  #timer: NodeJS.Timeout | null = null;
  #handedOutAt = 0;

  constructor(build: () => UnnumberedState) {
    this.#build = build;
  }

  /** The state as it is now. */
  now(): DesktopState {
    return this.#number(this.#build());
  }

  /** Tells states from now on; the answer ends it. */
  subscribe(listener: (state: DesktopState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Something may be different. */
  changed(): void {
    if (this.#timer !== null || this.#listeners.size === 0) return;
    const waitMs = Math.max(0, this.#handedOutAt + PAUSE_MS - performance.now());
    this.#timer = setTimeout(() => this.#handOut(), waitMs);
  }

  stop(): void {
    this.#listeners.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #handOut(): void {
    this.#timer = null;
    const before = this.#revision;
    const state = this.now();
    if (state.revision === before) return;
    this.#handedOutAt = performance.now();
    for (const listener of this.#listeners) listener(state);
  }

  #number(state: UnnumberedState): DesktopState {
    // The time alone is no news.
    const shown = JSON.stringify({ ...state, now: 0 });
    if (shown !== this.#shown) this.#revision += 1;
    this.#shown = shown;
    return { revision: this.#revision, ...state };
  }
}
