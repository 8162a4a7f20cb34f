import { backOffMs } from "./back-off.ts";
import { ReadBudget } from "./budget.ts";
import { NEEDS, type Need } from "./pace.ts";

/*
 * One timer for everything that a page reads. Each need has a time at which it is due; the earliest is read, one at a
 * time, within the budget. `later` (429, 503, no network) holds everything back, longer and longer; `never` (a refusal)
 * only the need that was refused.
 *
 *   idle ─resume─► waiting ─due─► reading ─done─► waiting        pause stops it anywhere; resume reads at once
 */

/** What became of a read. */
export type ReadResult =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly retryAfterMs: number }
  | { readonly kind: "never" };

/** What a reader is made of. Times are milliseconds of the browser's clock. */
export interface ReaderParts {
  read(need: Need): Promise<ReadResult>;
  /** When a need that was last read at `lastAt` is due again. */
  dueAt(need: Need, lastAt: number): number;
  now(): number;
  random(): number;
  /** Runs something after a while; returns what takes it back. */
  after(ms: number, run: () => void): () => void;
}

const MOST_READS_A_MINUTE = 20;
/** Two reads of the same thing keep this distance, whoever asks. */
const LEAST_GAP_MS = 2_000;
const REFUSED_FOR_MS = 120_000;

/** Reads what is needed, when it is due. */
export class Reader {
  readonly #parts: ReaderParts;
  readonly #budget = new ReadBudget(MOST_READS_A_MINUTE);
  readonly #dueAt = new Map<Need, number>();
  readonly #lastAt = new Map<Need, number>();
  #failures = 0;
  #notBefore = 0;
  #isRunning = false;
  #isReading = false;
  #takeBack: () => void = () => undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** From when on it tries again after a failure (browser's clock); null when nothing failed. */
  get heldUntil(): number | null {
    return this.#failures === 0 ? null : this.#notBefore;
  }

  /** Whether this is read at all from now on; what is wanted first is read at once. */
  follow(needs: readonly Need[]): void {
    for (const need of NEEDS) {
      if (!needs.includes(need)) this.#dueAt.delete(need);
      else if (!this.#dueAt.has(need)) this.#dueAt.set(need, this.#parts.now());
    }
    this.#schedule();
  }

  /** Reads a followed need within `ms`, at a moment that chance picks; a nearer one stays. */
  want(need: Need, withinMs: number): void {
    const due = this.#dueAt.get(need);
    if (due === undefined) return;
    const soon = this.#parts.now() + withinMs * this.#parts.random();
    const gap = (this.#lastAt.get(need) ?? Number.NEGATIVE_INFINITY) + LEAST_GAP_MS;
    this.#dueAt.set(need, Math.min(due, Math.max(soon, gap)));
    this.#schedule();
  }

  /** What a need's time depends on has changed. */
  repace(need: Need): void {
    const last = this.#lastAt.get(need);
    if (last === undefined || !this.#dueAt.has(need)) return;
    this.#dueAt.set(need, this.#parts.dueAt(need, last));
    this.#schedule();
  }

  resume(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#schedule();
  }

  pause(): void {
    this.#isRunning = false;
    this.#takeBack();
  }

  /** The viewer does not want to wait any longer. */
  retryNow(): void {
    this.#notBefore = this.#parts.now();
    this.#schedule();
  }

  /** The clock was put back: times that it told before are of the future, and would hold everything up until then. */
  startAnew(): void {
    this.#lastAt.clear();
    for (const need of this.#dueAt.keys()) this.#dueAt.set(need, this.#parts.now());
    this.retryNow();
  }

  #schedule(): void {
    this.#takeBack();
    if (!this.#isRunning || this.#isReading) return;
    const next = this.#next();
    if (next === null) return;
    const now = this.#parts.now();
    const at = Math.max(next.at, this.#notBefore, this.#budget.freeAt(now));
    this.#takeBack = this.#parts.after(Math.max(0, at - now), () => void this.#turn());
  }

  /** The most urgent need of those that are due, else the one that is due first. */
  #next(): { need: Need; at: number } | null {
    const now = this.#parts.now();
    const known = NEEDS.flatMap((need) => {
      const at = this.#dueAt.get(need);
      return at === undefined ? [] : [{ need, at: Math.max(at, now) }];
    });
    return known.reduce<{ need: Need; at: number } | null>(
      (best, one) => (best === null || one.at < best.at ? one : best),
      null,
    );
  }

  async #turn(): Promise<void> {
    const now = this.#parts.now();
    const next = this.#next();
    // A timer that woke early, or late after a night's sleep: everything is judged anew.
    if (next === null || next.at > now || this.#notBefore > now || this.#budget.freeAt(now) > now) {
      this.#schedule();
      return;
    }
    this.#isReading = true;
    this.#budget.spend(now);
    this.#lastAt.set(next.need, now);
    const result = await this.#parts.read(next.need);
    this.#isReading = false;
    this.#conclude(next.need, result);
    this.#schedule();
  }

  #conclude(need: Need, result: ReadResult): void {
    const now = this.#parts.now();
    if (result.kind === "later") {
      this.#failures += 1;
      this.#notBefore = now + backOffMs(this.#failures, this.#parts.random, result.retryAfterMs);
      return;
    }
    this.#failures = 0;
    // What began anew while it was under way is read again.
    if (this.#dueAt.has(need) && this.#lastAt.has(need))
      this.#dueAt.set(need, result.kind === "done" ? this.#parts.dueAt(need, now) : now + REFUSED_FOR_MS);
  }
}
