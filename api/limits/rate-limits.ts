import type { Database } from "@mgm/activities/db/database";
import type { Logger } from "pino";
import { ExactWrites } from "./exact-writes.ts";
import { ExchangedRequests } from "./exchanged-requests.ts";
import { type Verdict, WINDOW_MS } from "./sliding-windows.ts";

/* What everybody may ask for, a minute.
 *
 * A request has one budget. Writes draw on an exact one, kept in PostgreSQL; reads and desktops on one that each process
 * keeps in memory and exchanges with the others. Only what a limit lets through uses its budget up, and it does so
 * whatever the answer is afterwards; a refused request uses nothing, so waiting for `Retry-After` always helps.
 */

/** How often processes tell each other of the requests that they count in memory. */
export const EXCHANGE_EVERY_MS = 2_000;

/** The limits, a minute each, and where the client's address is to be found. */
export interface LimitSettings {
  readonly viewerWrites: number;
  readonly viewerReads: number;
  readonly desktopRequests: number;
  readonly moderatorWrites: number;
  /** How many proxies of ours add to X-Forwarded-For before a request reaches us. */
  readonly trustedProxyHops: number;
}

/** What a request draws on. */
export interface Budget {
  /** What is limited and who. */
  readonly subject: string;
  readonly limit: number;
  readonly isExact: boolean;
}

/** All counters of an API process. */
export class RateLimits {
  readonly settings: LimitSettings;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #writes: ExactWrites;
  readonly #requests: ExchangedRequests;
  #timer: NodeJS.Timeout | undefined;
  #tending: Promise<void> = Promise.resolve();
  #isStopped = false;
  #isFailing = false;
  #prunedAt: number;

  constructor(settings: LimitSettings, database: Database, log: Logger, now: () => number = () => performance.now()) {
    this.settings = settings;
    this.#log = log;
    this.#now = now;
    this.#writes = new ExactWrites(database, now);
    this.#requests = new ExchangedRequests(database, now);
    this.#prunedAt = now();
  }

  /** Judges a request, and counts it when it passes. */
  async count({ subject, limit, isExact }: Budget): Promise<Verdict> {
    return isExact ? await this.#writes.count(subject, limit) : this.#requests.count(subject, limit);
  }

  /** Exchanges and prunes from now on until `stop`; does not keep the process alive. */
  start(everyMs = EXCHANGE_EVERY_MS): void {
    this.#timer = setTimeout(() => {
      this.#tending = this.tend().finally(() => {
        if (!this.#isStopped) this.start(everyMs);
      });
    }, everyMs);
    this.#timer.unref();
  }

  /** Ends the exchange; nothing asks the database afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#tending;
  }

  /** One exchange, and pruning when it is time. Never throws: counting goes on without. */
  async tend(): Promise<void> {
    try {
      await this.#requests.exchange();
      if (this.#now() - this.#prunedAt >= WINDOW_MS) {
        this.#prunedAt = this.#now();
        await this.#writes.prune();
      }
      if (this.#isFailing) this.#log.info("rate limits are exchanged again");
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#log.warn({ error }, "rate limits are not exchanged");
      this.#isFailing = true;
    }
  }
}
