import { allHandlersFinished, CancellationScope, condition, patched } from "@temporalio/workflow";

/** Does what it is given after all that it was given before. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Messages of one workflow task run side by side, and in which order their activities end is known only when they run:
 * a replay hears of all ends at once. Each in its turn gives the same commands in the same order every time.
 */
export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/**
 * The same for workflows that began without it: their messages take turns from the first time that two of them meet, which
 * the history then tells by `patch`. Those that met before replay as they ran, side by side.
 */
export class TurnsOnceTheyMeet {
  readonly #patch: string;
  #isTaken = false;
  #haveMet = false;

  constructor(patch: string) {
    this.#patch = patch;
  }

  /** Whether the workflow may go on: where messages have met, all of them are answered first. */
  readonly areAnswered = (): boolean => !this.#haveMet || allHandlersFinished();

  /** Does this when its turn has come. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#isTaken && patched(this.#patch)) this.#haveMet = true;
    // An operator's cancellation of the workflow must not refuse who waits.
    while (this.#haveMet && this.#isTaken) {
      await CancellationScope.nonCancellable(() => condition(() => !this.#isTaken));
    }
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      this.#isTaken = false;
    }
  }
}
