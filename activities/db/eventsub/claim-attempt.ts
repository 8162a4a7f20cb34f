import { firstRow, type Queryable } from "../database.ts";
import type { KeptStatus } from "./standing.ts";

/** What was known when an attempt was claimed. */
export interface KnownSubscription {
  readonly status: KeptStatus;
  readonly subscriptionId: string | null;
  /** Of the secret that it was made with; null when that is not known. */
  readonly secretFingerprint: string | null;
  /** For how long the status has been what it is. */
  readonly ageMs: number;
  /** Attempts since it was last seen enabled. */
  readonly attempts: number;
}

/** The claim of one attempt, or in how many milliseconds there may be something to claim. */
export type AttemptClaim =
  | { readonly isClaimed: true; readonly known: KnownSubscription }
  | { readonly isClaimed: false; readonly isHeld: boolean; readonly waitMs: number };

/** Who claims; `token` is the process's own, so that it may take up a claim that it could not give back. */
export interface Claimant {
  readonly broadcasterId: string;
  readonly token: string;
  /** An older claim belongs to a process that died. */
  readonly claimMs: number;
}

/**
 * Claims the next attempt if it is due, or at once with `isForced`. While another process holds the claim there is
 * nothing to be had, so that only one creates a subscription at a time. All by the database's clock.
 */
export async function claimAttempt(db: Queryable, claimant: Claimant, isForced: boolean): Promise<AttemptClaim> {
  const { broadcasterId, token, claimMs } = claimant;
  const claimed = firstRow(
    await db.query<{
      status: KeptStatus;
      subscription_id: string | null;
      secret_fingerprint: string | null;
      age_ms: number;
      attempts: number;
    }>(
      `insert into eventsub_status as kept (broadcaster_id, status, since, due_at, claim_token, claimed_at)
       values ($1, 'pending', clock_timestamp(), clock_timestamp(), $2, clock_timestamp())
       on conflict (broadcaster_id) do update set claim_token = $2, claimed_at = clock_timestamp()
       where (kept.claim_token is null or kept.claim_token = $2
              or kept.claimed_at <= clock_timestamp() - $3 * interval '1 millisecond')
         and ($4 or kept.due_at <= clock_timestamp())
       returning status, subscription_id, secret_fingerprint, attempts,
         (extract(epoch from clock_timestamp() - since) * 1000)::float8 as age_ms`,
      [broadcasterId, token, claimMs, isForced],
    ),
  );
  if (claimed !== null) {
    const { status, subscription_id: subscriptionId, secret_fingerprint, age_ms: ageMs, attempts } = claimed;
    return {
      isClaimed: true,
      known: { status, subscriptionId, secretFingerprint: secret_fingerprint, ageMs, attempts },
    };
  }
  const row = firstRow(
    await db.query<{ is_held: boolean; wait_ms: number }>(
      `select coalesce(claim_token <> $2 and claimed_at > clock_timestamp() - $3 * interval '1 millisecond', false)
                as is_held,
              greatest(0, extract(epoch from due_at - clock_timestamp()) * 1000)::float8 as wait_ms
         from eventsub_status where broadcaster_id = $1`,
      [broadcasterId, token, claimMs],
    ),
  );
  return { isClaimed: false, isHeld: row?.is_held ?? false, waitMs: row?.wait_ms ?? 0 };
}

/** Gives a claim back without a result. */
export async function releaseAttempt(db: Queryable, { broadcasterId, token }: Claimant): Promise<void> {
  await db.query(
    `update eventsub_status set claim_token = null, claimed_at = null
      where broadcaster_id = $1 and claim_token = $2`,
    [broadcasterId, token],
  );
}
