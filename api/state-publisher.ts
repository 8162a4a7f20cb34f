import { createHash, randomUUID } from "node:crypto";
import type { Database } from "@mgm/activities/db/database";
import {
  endPublishing,
  forgetPublished,
  holdPublishing,
  nextVersion,
  type Publisher,
} from "@mgm/activities/db/publishing/publication";
import type { PublicStateMessage, RouletteStateDto } from "@mgm/domain/wire";
import type { Logger } from "pino";

/*
 * Tells the extension's pages of every change of the public state. It changes by what any process writes and by the
 * passing of time, so one process looks at it several times a second; the others stand by for its lease.
 *
 *   look ─► as sent last        ─► nothing
 *        ─► another             ─► takes the next version ─► sends it ─► failed: looks different again, after a back-off
 *                               ─► too soon after the last ─► the next look sends what it is by then
 *
 * Versions are taken from the database, so they grow over processes and restarts. A page that misses a message has its
 * own polling to fall back on.
 */

/** The publisher's delays, in milliseconds. */
export interface PublisherPace {
  /** How often the state is looked at. */
  readonly lookEveryMs: number;
  /** Least distance of two messages: Twitch takes one a second. */
  readonly sendEveryMs: number;
  readonly leaseMs: number;
  /** Longest wait after failures. */
  readonly longestMs: number;
}

const PACE: PublisherPace = { lookEveryMs: 250, sendEveryMs: 1_050, leaseMs: 5_000, longestMs: 30_000 };
const SEND_WITHIN_MS = 3_000;
/** The largest message that Twitch takes. */
const LARGEST_MESSAGE_BYTES = 5 * 1024;

/** What a publisher is made of. */
export interface PublisherParts {
  readonly database: Database;
  readonly log: Logger;
  readonly broadcasterId: string;
  readonly readState: () => Promise<RouletteStateDto>;
  readonly publish: (
    message: string,
    deadline: AbortSignal,
  ) => Promise<{ kind: "sent" } | { kind: "failed"; reason: string }>;
  readonly pace?: PublisherPace;
}

/** Publishes from `start` to `stop`; does not keep the process alive. */
export class StatePublisher {
  readonly #parts: PublisherParts;
  readonly #pace: PublisherPace;
  readonly #publisher: Publisher;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isStopped = false;
  #failures = 0;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? PACE;
    const { broadcasterId } = parts;
    this.#publisher = { broadcasterId, token: randomUUID(), leaseMs: this.#pace.leaseMs };
  }

  start(): void {
    this.#turn = this.#takeTurn().then((waitMs) => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), waitMs).unref();
    });
  }

  /** Ends the turn that is under way and hands the right to publish on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
    // Without the database the lease ends by itself.
    await endPublishing(this.#parts.database, this.#publisher).catch(() => undefined);
  }

  /** One look, and what follows from it; resolves to the wait until the next one and never rejects. */
  async #takeTurn(): Promise<number> {
    try {
      const isWell = await this.#look();
      this.#failures = isWell ? 0 : this.#failures + 1;
    } catch (error) {
      if (this.#failures === 0) this.#parts.log.warn({ error }, "the public state cannot be looked at");
      this.#failures += 1;
    }
    const { lookEveryMs, longestMs } = this.#pace;
    return Math.min(longestMs, lookEveryMs * 2 ** Math.min(this.#failures, 10));
  }

  /** False when a message did not get out. */
  async #look(): Promise<boolean> {
    const { database, log, readState, publish } = this.#parts;
    const held = await holdPublishing(database, this.#publisher);
    if (held === null) return true;
    const { serverNow: _, ...state } = await readState();
    const stateHash = createHash("sha256").update(JSON.stringify(state)).digest("hex");
    if (stateHash === held.stateHash) return true;
    const everyMs = this.#pace.sendEveryMs;
    const stateVersion = await nextVersion(database, this.#publisher, { stateHash, everyMs });
    if (stateVersion === null) return true;
    const message = JSON.stringify({ v: 1, stateVersion, state } satisfies PublicStateMessage);
    if (Buffer.byteLength(message) > LARGEST_MESSAGE_BYTES) {
      log.error({ stateVersion, bytes: Buffer.byteLength(message) }, "the public state is too large to publish");
      return true;
    }
    const result = await publish(message, AbortSignal.timeout(SEND_WITHIN_MS));
    if (result.kind === "sent") return true;
    log.warn({ stateVersion, reason: result.reason }, "the public state was not published");
    await forgetPublished(database, this.#publisher);
    return false;
  }
}
