/*
 * The server's clock, seen from a browser whose own may be minutes off. An answer that names the server's time was
 * made somewhere between its request and its arrival, so each gives bounds for the distance of the two clocks.
 */

/** Tells the server's time. All times are Unix milliseconds; `local` ones are the browser's. */
export class ServerClock {
  #offset = 0;
  #slackMs = Number.POSITIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;

  /** Whether it knows the server's time at all. */
  get isSet(): boolean {
    return this.#newest > Number.NEGATIVE_INFINITY;
  }

  /**
   * Learns from an answer that says `serverNow`. One that is not newer than all before is a copy that a cache kept: it
   * says nothing about now.
   */
  learn(serverNow: number, sentAtLocal: number, receivedAtLocal: number): void {
    if (!(serverNow > this.#newest)) return;
    this.#newest = serverNow;
    const least = serverNow - receivedAtLocal;
    const most = serverNow - sentAtLocal;
    const slackMs = most - least;
    const isStillPossible = this.#offset >= least && this.#offset <= most;
    // A sharper look is kept while a later, vaguer one does not contradict it.
    if (isStillPossible && this.#slackMs <= slackMs) return;
    this.#offset = (least + most) / 2;
    this.#slackMs = slackMs;
  }

  /** The server's time at a moment of the browser's clock. */
  at(local: number): number {
    return local + this.#offset;
  }
}
