import type { Database } from "@mgm/activities/db/database";
import { countWrite } from "@mgm/activities/db/limits/count-write";
import { pruneCountedWrites } from "@mgm/activities/db/limits/prune-writes";
import { type Verdict, WINDOW_MS } from "./sliding-windows.ts";

const MAX_REFUSED_SUBJECTS = 100_000;

/**
 * Writes, counted in PostgreSQL exactly over all processes. Who is over the limit is answered from memory until the
 * window has room again: a flood costs the database no more than the limit does, and nothing can make room earlier.
 */
export class ExactWrites {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #refusedUntil = new Map<string, number>();

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Judges a write, and counts it when it passes. Throws when PostgreSQL is away: the write itself needs it too. */
  async count(subject: string, limit: number): Promise<Verdict> {
    const leftMs = (this.#refusedUntil.get(subject) ?? 0) - this.#now();
    if (leftMs > 0) return { passed: false, limit, remaining: 0, resetMs: leftMs };
    const { passed, count, resetMs } = await countWrite(this.#database, { subject, limit, windowMs: WINDOW_MS });
    if (!passed) this.#remember(subject, this.#now() + resetMs);
    return { passed, limit, remaining: Math.max(0, limit - count), resetMs };
  }

  /** Removes what has no meaning any more, here and in PostgreSQL. */
  async prune(): Promise<void> {
    const now = this.#now();
    for (const [subject, until] of this.#refusedUntil) if (until <= now) this.#refusedUntil.delete(subject);
    await pruneCountedWrites(this.#database, WINDOW_MS);
  }

  #remember(subject: string, until: number): void {
    if (this.#refusedUntil.size >= MAX_REFUSED_SUBJECTS) this.#refusedUntil.clear();
    this.#refusedUntil.set(subject, until);
  }
}
