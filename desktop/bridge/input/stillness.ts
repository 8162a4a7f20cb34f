/*
 * How long the person has not touched keyboard and mouse. The system only tells when the last input came, and what we
 * type with `send_input` is input to it. So the spans in which we typed are remembered:
 *
 *   last input after our span  ──► it is the person's
 *   last input within our span ──► it is ours; the person's is the last one seen before we began
 *
 * What the person does while we type cannot be told from our own; it shows at the next key or move of the mouse.
 */

/** The system tells the last input in steps of its clock, and a key arrives a moment after it was sent. Milliseconds. */
const SLACK_MS = 50;

/** Tells the person's input from ours. All times are milliseconds of a clock that nobody puts. */
export class Stillness {
  /** The last input that was the person's, as far as it was seen. */
  #personAt = 0;
  #ours: { readonly from: number; until: number } | null = null;

  /** We begin to type; `lastInputAt` is the system's word right before. */
  begin(now: number, lastInputAt: number): void {
    this.#look(lastInputAt);
    // A span that follows at once belongs to the same stretch: nobody else was seen in between.
    const from = this.#isOurs(lastInputAt) && this.#ours !== null ? this.#ours.from : now;
    this.#ours = { from, until: now };
  }

  /** We are still typing, or have just typed the last key. */
  extend(now: number): void {
    if (this.#ours !== null) this.#ours.until = now;
  }

  /** For how long the person has been still. */
  stillForMs(now: number, lastInputAt: number): number {
    this.#look(lastInputAt);
    return Math.max(0, now - this.#personAt);
  }

  #look(lastInputAt: number): void {
    if (!this.#isOurs(lastInputAt)) this.#personAt = Math.max(this.#personAt, lastInputAt);
  }

  #isOurs(at: number): boolean {
    return this.#ours !== null && at >= this.#ours.from - SLACK_MS && at <= this.#ours.until + SLACK_MS;
  }
}
