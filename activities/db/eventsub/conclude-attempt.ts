import type { Queryable } from "../database.ts";
import { type Claimant, releaseAttempt } from "./claim-attempt.ts";
import type { KeptStatus } from "./standing.ts";

/** What an attempt brought; `unknown`: Twitch did not say how the subscription stands. */
export interface AttemptOutcome {
  readonly status: KeptStatus | "unknown";
  readonly id?: string;
  /** Whether it is certain that the subscription was made with the secret that the attempt knew. */
  readonly isOurSecret?: boolean;
  readonly reason?: string;
}

/** For how long the last known status is believed while Twitch says nothing. */
const BELIEVED_MS = 15 * 60_000;

/**
 * Writes what an attempt brought and gives the claim back; the next is due as planned. False, and nothing is
 * written, when the claim was lost or a revocation arrived meanwhile: what the attempt saw may be older than that.
 */
export async function concludeAttempt(
  db: Queryable,
  claimant: Claimant,
  { status, id, reason }: AttemptOutcome,
  plan: { attempts: number; nextInMs: number; secretFingerprint: string | null },
): Promise<boolean> {
  const result = await db.query(
    `update eventsub_status as kept set
       status = judged.status,
       since = case when kept.status = judged.status then kept.since else clock_timestamp() end,
       confirmed_at = case when $3 = 'unknown' then kept.confirmed_at else clock_timestamp() end,
       subscription_id = case when $3 = 'unknown' then kept.subscription_id else $4 end,
       secret_fingerprint = case when $3 = 'unknown' then kept.secret_fingerprint else $9 end,
       reason = $5,
       attempts = $6,
       due_at = clock_timestamp() + $7 * interval '1 millisecond',
       claim_token = null, claimed_at = null
      from (select case when $3 <> 'unknown' then $3
                        when confirmed_at > clock_timestamp() - $8 * interval '1 millisecond' then status
                        else 'failed' end as status
              from eventsub_status where broadcaster_id = $1) as judged
     where kept.broadcaster_id = $1 and kept.claim_token = $2
       and (kept.revoked_at is null or kept.revoked_at < kept.claimed_at)`,
    [
      claimant.broadcasterId,
      claimant.token,
      status,
      id ?? null,
      reason ?? null,
      plan.attempts,
      plan.nextInMs,
      BELIEVED_MS,
      plan.secretFingerprint,
    ],
  );
  if (result.rowCount === 1) return true;
  await releaseAttempt(db, claimant);
  return false;
}
