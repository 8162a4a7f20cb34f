import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import type { Database } from "../../db/database.ts";
import {
  claimRefresh,
  claimValidation,
  expireTokens,
  findGrant,
  type GrantKey,
  noteFailedRefresh,
  putGrant,
  putRefreshed,
  type StoredGrant,
} from "../../db/twitch/grants.ts";
import type { TwitchAccess } from "../twitch-access.ts";
import { grantName, neededGrants } from "./scopes.ts";
import type { TokenSeal } from "./token-seal.ts";
import { type IssuedUserTokens, refreshTokens, validateToken } from "./user-tokens.external.ts";

/*
 * The tokens of broadcaster and bot, sealed in PostgreSQL, where every process finds them. Nothing is kept in memory,
 * so a new login is noticed at once, and a refresh that failed spoils nothing:
 *
 *   fresh    ──► given out
 *   expired  ──► one process trades the refresh token in, the others wait for what it brings
 *                  new tokens            ──► fresh
 *                  no answer, 5xx, 429   ──► tried again after 1 s, 2 s, 4 s … a minute, by whoever needs a token then
 *                  refused               ──► ended: only a new login helps, and the grant is listed as missing
 */

/** A user token, or why there is none: nobody ever logged in, or Twitch does not give one now. */
export type UserToken =
  | { readonly kind: "token"; readonly accessToken: string; reject(): Promise<void> }
  | { readonly kind: "never_granted" }
  | { readonly kind: "unavailable" };

/** Tokens are renewed so long before their end. */
const MARGIN_MS = 60_000;
/** A claim outlives the request that it is for. */
const CLAIM_MS = 15_000;
const LONGEST_BACK_OFF_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const VALIDATE_EVERY_MS = 3_600_000;

/** The grants, each channel's for itself. */
export class GrantStore {
  readonly #database: Database;
  readonly #access: TwitchAccess;
  readonly #seal: TokenSeal;
  readonly #log: Logger;

  constructor(parts: { database: Database; access: TwitchAccess; seal: TokenSeal; log: Logger }) {
    this.#database = parts.database;
    this.#access = parts.access;
    this.#seal = parts.seal;
    this.#log = parts.log;
  }

  /** Keeps what a login brought. */
  async put(key: GrantKey, tokens: IssuedUserTokens): Promise<void> {
    await putGrant(this.#database, key, this.#sealed(key, tokens));
  }

  /** A token of this account that is good now; waits for a refresh no longer than the deadline. */
  async get(key: GrantKey, deadline: AbortSignal): Promise<UserToken> {
    for (;;) {
      const grant = await findGrant(this.#database, key);
      if (grant === null) return { kind: "never_granted" };
      if (grant.hasEnded) return { kind: "unavailable" };
      const tokens = this.#seal.open(accountOf(key), grant);
      if (tokens === null) return { kind: "unavailable" };
      if (grant.expiresInMs > MARGIN_MS) {
        const { version } = grant;
        const reject = () => expireTokens(this.#database, key, version);
        return { kind: "token", accessToken: tokens.accessToken, reject };
      }
      if (await claimRefresh(this.#database, key, { version: grant.version, claimMs: CLAIM_MS })) {
        if (!(await this.#refresh(key, grant, tokens.refreshToken))) return { kind: "unavailable" };
      } else {
        if (grant.failures > 0 || deadline.aborted) return { kind: "unavailable" };
        await delay(LOOK_AGAIN_MS);
      }
    }
  }

  /** The grants that somebody must still give for a channel, by name. */
  async missing(broadcasterId: string): Promise<string[]> {
    const missing: string[] = [];
    for (const { account, twitchUserId, scopes } of neededGrants(this.#access.settings, broadcasterId)) {
      const key = { broadcasterId, twitchUserId };
      const grant = await findGrant(this.#database, key);
      const isUsable = grant !== null && !grant.hasEnded && this.#seal.open(accountOf(key), grant) !== null;
      const given = isUsable ? grant.scopes : [];
      missing.push(...scopes.filter((scope) => !given.includes(scope)).map((scope) => grantName(account, scope)));
    }
    return missing;
  }

  /** Asks Twitch once an hour whether a channel's grants still stand, as it demands; one process of all does. */
  async validate(broadcasterId: string, everyMs = VALIDATE_EVERY_MS): Promise<void> {
    for (const { twitchUserId } of neededGrants(this.#access.settings, broadcasterId)) {
      const key = { broadcasterId, twitchUserId };
      if (!(await claimValidation(this.#database, key, everyMs))) continue;
      const token = await this.get(key, AbortSignal.timeout(CLAIM_MS));
      if (token.kind !== "token") continue;
      const answer = await validateToken(this.#access, token.accessToken);
      if (answer.kind !== "refused" || answer.status !== 401) continue;
      await token.reject();
      // The refresh tells a token that merely ended from a grant that was taken back.
      await this.get(key, AbortSignal.timeout(CLAIM_MS));
    }
  }

  async #refresh(key: GrantKey, { version, failures }: StoredGrant, refreshToken: string): Promise<boolean> {
    const answer = await refreshTokens(this.#access, refreshToken);
    if (answer.kind === "answered") {
      await putRefreshed(this.#database, key, version, this.#sealed(key, answer.value));
      return true;
    }
    const hasEnded = answer.kind === "refused";
    const reason = hasEnded ? `http_${answer.status}` : answer.reason;
    this.#log.warn({ twitchUserId: key.twitchUserId, reason, hasEnded }, "a Twitch token was not refreshed");
    const retryMs = hasEnded ? "never" : Math.min(LONGEST_BACK_OFF_MS, 1000 * 2 ** Math.min(failures, 6));
    await noteFailedRefresh(this.#database, key, { version, retryMs });
    return false;
  }

  #sealed(key: GrantKey, tokens: IssuedUserTokens) {
    const { scopes, expiresInMs } = tokens;
    return { scopes, expiresInMs, ...this.#seal.seal(accountOf(key), tokens) };
  }
}

const accountOf = ({ broadcasterId, twitchUserId }: GrantKey): string => `${broadcasterId}:${twitchUserId}`;
