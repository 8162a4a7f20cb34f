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
