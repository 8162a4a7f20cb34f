import type { Queryable } from "../database.ts";

/**
 * Notes that Twitch ended the subscription; the next attempt is due at once. A message about another subscription,
 * say one that was replaced since, changes nothing.
 */
export async function recordRevocation(
  db: Queryable,
  revocation: { broadcasterId: string; subscriptionId: string; reason: string | null },
): Promise<void> {
  await db.query(
    `update eventsub_status set
       status = 'revoked', reason = $3,
       since = case when status = 'revoked' then since else clock_timestamp() end,
       confirmed_at = clock_timestamp(), revoked_at = clock_timestamp(), due_at = clock_timestamp()
     where broadcaster_id = $1 and (subscription_id = $2 or subscription_id is null)`,
    [revocation.broadcasterId, revocation.subscriptionId, revocation.reason],
  );
}
