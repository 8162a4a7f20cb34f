const WINDOW_MS = 60_000;

/** At most so many reads in any minute. */
export class ReadBudget {
  readonly #most: number;
  #spent: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** From when on a read is free (now or later). */
  freeAt(now: number): number {
    this.#spent = this.#spent.filter((at) => at > now - WINDOW_MS && at <= now);
    const oldest = this.#spent[this.#spent.length - this.#most];
    return oldest === undefined ? now : oldest + WINDOW_MS;
  }

  spend(now: number): void {
    this.#spent.push(now);
  }
}
