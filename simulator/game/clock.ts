/*
 * Time in the game is virtual: it moves only when the driver says so, in rendered frames. Everything that a server does
 * later is an entry of the agenda and happens at the first frame whose time has come, as packets do.
 */

type Entry = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** The game's time in milliseconds since the epoch, and what is going to happen. */
export class GameClock {
  readonly #startMs: number;
  /** Kept apart from the start: frames of a thirtieth of a second would add up their rounding on a number that large. */
  #elapsedMs = 0;
  #entries: Entry[] = [];
  #order = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  get nowMs(): number {
    return this.#startMs + this.#elapsedMs;
  }

  /** Seconds since the machine was started: what GetTime() tells. */
  get uptimeSeconds(): number {
    return 1_000 + this.#elapsedMs / 1_000;
  }

  /** Runs something at the first frame not before `delayMs` from now; the answer takes it back. */
  after(delayMs: number, run: () => void): () => void {
    const entry: Entry = { atMs: this.#elapsedMs + delayMs, order: this.#order++, run };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((one) => one !== entry);
    };
  }

  /** Time passes while nothing can happen: what falls due waits for the next `move`. */
  skip(ms: number): void {
    this.#elapsedMs += ms;
  }

  /** Moves on and runs what is due, in order of time; entries made meanwhile wait for the next frame. */
  move(ms: number): void {
    this.#elapsedMs += ms;
    const due = this.#entries.filter(({ atMs }) => atMs <= this.#elapsedMs);
    if (due.length === 0) return;
    this.#entries = this.#entries.filter(({ atMs }) => atMs > this.#elapsedMs);
    due.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    for (const { run } of due) run();
  }
}
