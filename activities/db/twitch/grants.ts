import { firstRow, type Queryable } from "../database.ts";

/** Which account's grant; every channel has grants of its own. */
export interface GrantKey {
  readonly broadcasterId: string;
  readonly twitchUserId: string;
}

/** A stored grant; times are Unix milliseconds, judged by the database's clock where it says so. */
export interface StoredGrant {
  readonly scopes: readonly string[];
  readonly keyId: string;
  readonly sealedTokens: Buffer;
  readonly expiresInMs: number;
  readonly version: number;
  readonly hasEnded: boolean;
  readonly failures: number;
}

/** What a login or a refresh brought. */
export interface NewTokens {
  readonly scopes: readonly string[];
  readonly keyId: string;
  readonly sealedTokens: Buffer;
  readonly expiresInMs: number;
}

/** Reads a grant; null when that account never gave one. */
export async function findGrant(db: Queryable, key: GrantKey): Promise<StoredGrant | null> {
  const row = firstRow(
    await db.query<{
      scopes: string[];
      key_id: string;
      sealed_tokens: Buffer;
      expires_in_ms: number;
      version: number;
      has_ended: boolean;
      refresh_failures: number;
    }>(
      `select scopes, key_id, sealed_tokens, version, refresh_failures, ended_at is not null as has_ended,
              (extract(epoch from expires_at - clock_timestamp()) * 1000)::float8 as expires_in_ms
         from twitch_grants where broadcaster_id = $1 and twitch_user_id = $2`,
      [key.broadcasterId, key.twitchUserId],
    ),
  );
  if (row === null) return null;
  return {
    scopes: row.scopes,
    keyId: row.key_id,
    sealedTokens: row.sealed_tokens,
    expiresInMs: row.expires_in_ms,
    version: row.version,
    hasEnded: row.has_ended,
    failures: row.refresh_failures,
  };
}

/** Keeps what a login brought, in place of whatever was there. */
export async function putGrant(db: Queryable, key: GrantKey, tokens: NewTokens): Promise<void> {
  await db.query(
    `insert into twitch_grants as known (broadcaster_id, twitch_user_id, scopes, key_id, sealed_tokens, expires_at,
        version, validated_at)
     values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond', 1, clock_timestamp())
     on conflict (broadcaster_id, twitch_user_id) do update set
       scopes = excluded.scopes, key_id = excluded.key_id, sealed_tokens = excluded.sealed_tokens,
       expires_at = excluded.expires_at, version = known.version + 1, validated_at = excluded.validated_at,
       refresh_claimed_until = null, refresh_failures = 0, refresh_due_at = null, ended_at = null`,
    [key.broadcasterId, key.twitchUserId, tokens.scopes, tokens.keyId, tokens.sealedTokens, tokens.expiresInMs],
  );
}

/** Claims the refresh of these tokens; false when another process is at it, was faster, or it is too early to retry. */
export async function claimRefresh(
  db: Queryable,
  key: GrantKey,
  { version, claimMs }: { version: number; claimMs: number },
): Promise<boolean> {
  const claimed = await db.query(
    `update twitch_grants set refresh_claimed_until = clock_timestamp() + $4 * interval '1 millisecond'
      where broadcaster_id = $1 and twitch_user_id = $2 and version = $3 and ended_at is null
        and (refresh_claimed_until is null or refresh_claimed_until < clock_timestamp())
        and (refresh_due_at is null or refresh_due_at <= clock_timestamp())`,
    [key.broadcasterId, key.twitchUserId, version, claimMs],
  );
  return claimed.rowCount === 1;
}

/** Keeps refreshed tokens, unless a login or another refresh has replaced those that they come from. */
export async function putRefreshed(db: Queryable, key: GrantKey, from: number, tokens: NewTokens): Promise<void> {
  await db.query(
    `update twitch_grants set scopes = $4, key_id = $5, sealed_tokens = $6, version = version + 1,
        expires_at = clock_timestamp() + $7 * interval '1 millisecond', validated_at = clock_timestamp(),
        refresh_claimed_until = null, refresh_failures = 0, refresh_due_at = null
      where broadcaster_id = $1 and twitch_user_id = $2 and version = $3`,
    [key.broadcasterId, key.twitchUserId, from, tokens.scopes, tokens.keyId, tokens.sealedTokens, tokens.expiresInMs],
  );
}

/** A refresh that brought nothing: it is tried again after a while, or never when Twitch says that the grant ended. */
export async function noteFailedRefresh(
  db: Queryable,
  key: GrantKey,
  { version, retryMs }: { version: number; retryMs: number | "never" },
): Promise<void> {
  const wait = retryMs === "never" ? null : retryMs;
  await db.query(
    `update twitch_grants set refresh_claimed_until = null, refresh_failures = refresh_failures + 1,
        refresh_due_at = clock_timestamp() + $4 * interval '1 millisecond',
        ended_at = case when $4::float8 is null then clock_timestamp() end
      where broadcaster_id = $1 and twitch_user_id = $2 and version = $3`,
    [key.broadcasterId, key.twitchUserId, version, wait],
  );
}

/** Twitch refuses an access token: the next who needs one takes a new one. */
export async function expireTokens(db: Queryable, key: GrantKey, version: number): Promise<void> {
  await db.query(
    `update twitch_grants set expires_at = clock_timestamp()
      where broadcaster_id = $1 and twitch_user_id = $2 and version = $3`,
    [key.broadcasterId, key.twitchUserId, version],
  );
}

/** Whether it is this process's turn to ask Twitch if the tokens still stand; nobody else's for `everyMs` then. */
export async function claimValidation(db: Queryable, key: GrantKey, everyMs: number): Promise<boolean> {
  const claimed = await db.query(
    `update twitch_grants set validated_at = clock_timestamp()
      where broadcaster_id = $1 and twitch_user_id = $2 and ended_at is null
        and validated_at <= clock_timestamp() - $3 * interval '1 millisecond'`,
    [key.broadcasterId, key.twitchUserId, everyMs],
  );
  return claimed.rowCount === 1;
}
