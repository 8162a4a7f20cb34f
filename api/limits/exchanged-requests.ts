import { randomUUID } from "node:crypto";
import type { Database } from "@mgm/activities/db/database";
import { exchangeRequests, type RequestBatch } from "@mgm/activities/db/limits/exchange-requests";
import { SlidingWindows, type Verdict, WINDOW_MS } from "./sliding-windows.ts";

const MAX_SUBJECTS = 100_000;

/**
 * Reads and what desktops ask, counted in memory. Every exchange tells the other processes when each request was and
 * hears the same of them, so all processes see one window, the others' part of it one exchange late.
 */
export class ExchangedRequests {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #processId = randomUUID();
  readonly #windows = new SlidingWindows(MAX_SUBJECTS);
  /** Times of the requests that the others do not know of yet. */
  #untold = new Map<string, number[]>();
  /** Batches that are counted already, and when they were heard. */
  readonly #heard = new Map<string, number>();

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Judges a request, and counts it when it passes. Needs nothing but memory. */
  count(subject: string, limit: number): Verdict {
    const now = this.#now();
    const verdict = this.#windows.count(subject, limit, now);
    if (verdict.passed) this.#keepUntold(subject, now);
    return verdict;
  }

  /**
   * Tells and hears. What could not be told is never told: while PostgreSQL is away reads fail anyway, and a batch
   * whose fate is unknown would count twice.
   */
  async exchange(): Promise<void> {
    const now = this.#now();
    this.#windows.forgetQuiet(now);
    for (const [batchId, heardAt] of this.#heard) if (heardAt < now - 2 * WINDOW_MS) this.#heard.delete(batchId);
    const untold = this.#untold;
    this.#untold = new Map();
    const ages = [...untold].map(([subject, times]) => [subject, times.map((at) => Math.round(now - at))] as const);
    const batches = await exchangeRequests(this.#database, {
      processId: this.#processId,
      ages: ages.length === 0 ? null : Object.fromEntries(ages),
      heardBatchIds: [...this.#heard.keys()],
      windowMs: WINDOW_MS,
    });
    for (const batch of batches) this.#hear(batch);
  }

  #keepUntold(subject: string, now: number): void {
    const times = this.#untold.get(subject);
    if (times !== undefined) times.push(now);
    else if (this.#untold.size < MAX_SUBJECTS) this.#untold.set(subject, [now]);
  }

  #hear({ batchId, ages, toldMsAgo }: RequestBatch): void {
    const now = this.#now();
    this.#heard.set(batchId, now);
    for (const [subject, subjectAges] of Object.entries(ages)) {
      for (const ageMs of subjectAges) {
        const at = now - toldMsAgo - ageMs;
        if (at > now - WINDOW_MS) this.#windows.add(subject, at);
      }
    }
  }
}
