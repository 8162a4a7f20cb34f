/** How a run ended: the exit status, and what to tell about it. */
export interface End {
  readonly status: number;
  readonly reason: string | null;
}

/** The one end of a run. Whoever ends it first decides: what falls over while we stop is a consequence, not a cause. */
export class Ending {
  readonly #abort = new AbortController();
  #resolve: (end: End) => void = () => undefined;
  /** Resolves when the run has ended. */
  readonly over = new Promise<End>((resolve) => {
    this.#resolve = resolve;
  });

  /** Aborted when the run has ended. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  end(status: number, reason: string | null = null): void {
    if (this.signal.aborted) return;
    this.#abort.abort();
    this.#resolve({ status, reason });
  }

  /** Resolves to the end when `work` takes longer than that. */
  async orOver<Result>(work: Promise<Result>): Promise<Result | null> {
    return await Promise.race([work, this.over.then(() => null)]);
  }
}
