import { randomUUID } from "node:crypto";
import type { Database } from "@mgm/activities/db/database";
import {
  type AttemptClaim,
  type Claimant,
  claimAttempt,
  type KnownSubscription,
  releaseAttempt,
} from "@mgm/activities/db/eventsub/claim-attempt";
import { type AttemptOutcome, concludeAttempt } from "@mgm/activities/db/eventsub/conclude-attempt";
import { readEventSubStanding } from "@mgm/activities/db/eventsub/standing";
import type { Logger } from "pino";
import type { EventSub, EventSubStanding } from "./dependencies.ts";

/*
 * Keeps the subscription to the channel's chat alive. The plan is one row that all API processes share:
 *
 *   nothing known    --attempt-->     pending, enabled, failed or revoked
 *   pending          --check-->       enabled, once Twitch got its challenge back; failed when it got none
 *   enabled          --re-check-->    enabled; when it has ended, or was made with another secret, replaced: pending
 *   any              --revocation-->  revoked, and an attempt is due at once
 *   failed, revoked  --back-off-->    the next attempt
 *
 * Whoever is first when something is due claims it; a process that starts makes an attempt at once, because its settings
 * may be what was wrong. Twitch's silence changes no status for a while: it does not end a subscription. Nothing is
 * deleted on the way out, so that Twitch repeats what a restart missed.
 */

/** The keeper's delays, in milliseconds. */
export interface KeeperPace {
  /** The shortest back-off. */
  readonly firstMs: number;
  /** The longest back-off. */
  readonly longestMs: number;
  /** How long an enabled subscription is left alone at most. */
  readonly recheckMs: number;
  /** How often the row is looked at at least: another process may have planned an attempt and died. */
  readonly lookEveryMs: number;
  /** Deadline of one attempt. */
  readonly attemptMs: number;
}

const PACE: KeeperPace = {
  firstMs: 1_000,
  longestMs: 300_000,
  recheckMs: 300_000,
  lookEveryMs: 15_000,
  attemptMs: 30_000,
};

/** A claim outlives its attempt by the time that writing the result may take. */
const WRITING_MS = 10_000;

/** What the keeper is made of. */
export interface KeeperParts {
  readonly database: Database;
  readonly log: Logger;
  readonly broadcasterId: string;
  /** Of the secret that `ensure` has subscriptions made with. */
  readonly secretFingerprint: string;
  /** One attempt to have the subscription; `knownId` was made with our secret. Answers by its deadline. */
  readonly ensure: (knownId: string | null, deadline: AbortSignal) => Promise<AttemptOutcome>;
  /** How this one subscription stands, likewise. */
  readonly check: (id: string, deadline: AbortSignal) => Promise<AttemptOutcome>;
  readonly pace?: KeeperPace;
}

/** What the server starts and stops. */
export interface EventSubKeeper extends EventSub {
  /** Call it when we listen: Twitch calls back at once. */
  start(): void;
  /** Ends the attempt that is under way; the subscription stays. */
  stop(): Promise<void>;
}

/** A keeper for the channel; does nothing before it is started. */
export function eventSubKeeper(parts: KeeperParts): EventSubKeeper {
  return new Keeper(parts);
}

/** In place of a keeper where nothing is subscribed to. */
export function unkeptEventSub(status: "simulated" | "unconfigured"): EventSubKeeper {
  const standing = { status, since: Date.now() };
  return {
    status: async () => standing,
    ensureNow: () => undefined,
    start: () => undefined,
    stop: async () => undefined,
  };
}

/** The wait after so many attempts without success: doubled each time, and at least half of it kept by the jitter. */
export function backOffMs(attempts: number, pace: Pick<KeeperPace, "firstMs" | "longestMs">): number {
  return jittered(Math.min(pace.longestMs, pace.firstMs * 2 ** attempts));
}

function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}

class Keeper implements EventSubKeeper {
  readonly #parts: KeeperParts;
  readonly #pace: KeeperPace;
  readonly #claimant: Claimant;
  readonly #createdAt = Date.now();
  readonly #stopping = new AbortController();
  /** Wanted now, whatever the plan says. */
  #isForced = false;
  #failedLooks = 0;
  #turn: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#pace = parts.pace ?? PACE;
    const claimMs = this.#pace.attemptMs + WRITING_MS;
    this.#claimant = { broadcasterId: parts.broadcasterId, token: randomUUID(), claimMs };
  }

  start(): void {
    this.ensureNow();
  }

  ensureNow(): void {
    this.#isForced = true;
    this.#wake();
  }

  async status(broadcasterId: string): Promise<EventSubStanding> {
    const standing = await readEventSubStanding(this.#parts.database, broadcasterId);
    return standing ?? { status: "pending", since: this.#createdAt };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** A turn that is under way sees by itself that another one is wanted. */
  #wake(): void {
    if (this.#stopping.signal.aborted || this.#turn !== null) return;
    clearTimeout(this.#timer);
    this.#turn = this.#takeTurn().then((waitMs) => {
      this.#turn = null;
      if (this.#stopping.signal.aborted) return;
      this.#timer = setTimeout(() => this.#wake(), waitMs).unref();
    });
  }

  /** Does what is to be done now; resolves to the wait until the next turn and never rejects. */
  async #takeTurn(): Promise<number> {
    try {
      const claim = await claimAttempt(this.#parts.database, this.#claimant, this.#isForced);
      const waitMs = claim.isClaimed ? await this.#attempt(claim.known) : this.#waitFor(claim);
      this.#failedLooks = 0;
      return waitMs;
    } catch (error) {
      this.#failedLooks += 1;
      // What the attempt may have found was not written, and the plan knows nothing of it.
      this.#isForced = true;
      this.#parts.log.warn(
        { error, failedLooks: this.#failedLooks },
        "the chat subscription could not be looked after",
      );
      return backOffMs(this.#failedLooks, this.#pace);
    }
  }

  #waitFor(claim: Extract<AttemptClaim, { isClaimed: false }>): number {
    // Whoever holds the claim will be done soon, and may die first.
    if (claim.isHeld || this.#isForced) return jittered(this.#pace.firstMs);
    return Math.min(claim.waitMs, this.#pace.lookEveryMs);
  }

  async #attempt(known: KnownSubscription): Promise<number> {
    const { database, log, secretFingerprint: ours, ensure, check } = this.#parts;
    const knownId = known.secretFingerprint === ours ? known.subscriptionId : null;
    // Not replaced before the back-off is over, also when its verification fails.
    const young = known.status === "pending" && !this.#isForced ? known.subscriptionId : null;
    this.#isForced = false;
    const outcome = await this.#untilStopped((deadline) =>
      young === null ? ensure(knownId, deadline) : check(young, deadline),
    );
    if (outcome === null) {
      await releaseAttempt(database, this.#claimant);
      return 0;
    }
    const plan = this.#plan(known, outcome, young !== null);
    const level = outcome.status === "enabled" ? "debug" : outcome.status === "pending" ? "info" : "warn";
    log[level]({ ...outcome, ...plan }, "looked after the chat subscription");
    const made = outcome.isOurSecret ? ours : null;
    const secretFingerprint = young === null ? made : known.secretFingerprint;
    const isWritten = await concludeAttempt(database, this.#claimant, outcome, { ...plan, secretFingerprint });
    return this.#isForced || !isWritten ? 0 : Math.min(plan.nextInMs, this.#pace.lookEveryMs);
  }

  #plan(known: KnownSubscription, outcome: AttemptOutcome, wasCheck: boolean): { attempts: number; nextInMs: number } {
    const { firstMs, longestMs, recheckMs } = this.#pace;
    if (outcome.status === "enabled") return { attempts: 0, nextInMs: jittered(recheckMs) };
    if (outcome.status === "pending") {
      // Twitch calls back within seconds: soon at first, then at ever longer intervals.
      const ageMs = known.status === "pending" ? known.ageMs : 0;
      const nextInMs = jittered(Math.min(longestMs, 2 * Math.max(firstMs, ageMs)));
      return { attempts: wasCheck ? known.attempts : known.attempts + 1, nextInMs };
    }
    const attempts = wasCheck && outcome.status !== "unknown" ? known.attempts : known.attempts + 1;
    return { attempts, nextInMs: backOffMs(attempts, this.#pace) };
  }

  /** Null when we stop meanwhile: what an attempt that was broken off brought says nothing. */
  async #untilStopped(attempt: (deadline: AbortSignal) => Promise<AttemptOutcome>): Promise<AttemptOutcome | null> {
    if (this.#stopping.signal.aborted) return null;
    const deadline = new AbortController();
    const giveUp = (): void => deadline.abort();
    const timer = setTimeout(giveUp, this.#pace.attemptMs).unref();
    this.#stopping.signal.addEventListener("abort", giveUp);
    try {
      const outcome = await attempt(deadline.signal);
      return this.#stopping.signal.aborted ? null : outcome;
    } finally {
      clearTimeout(timer);
      this.#stopping.signal.removeEventListener("abort", giveUp);
    }
  }
}
