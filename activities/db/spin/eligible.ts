import { LIFETIME_CAP_COPPER, PAYOUT_COPPER } from "@mgm/domain/economics";
import { firstRow, type Queryable } from "../database.ts";

/**
 * The canonical names that may be drawn now, sorted by their UTF-8 bytes. Not eligible: viewers with an active payout,
 * at the lifetime cap, or candidates of a cycle that may still be decided.
 */
export async function readEligibleNames(db: Queryable, broadcasterId: string): Promise<string[]> {
  const result = await db.query<{ names: string | null }>(
    // Only those who are out are looked for: hardly anybody is, however many were paid before.
    `with paid_out as (
       select twitch_user_id from payouts where broadcaster_id = $1 group by twitch_user_id
       having bool_or(status in ('Pending', 'InProgress'))
           or sum(copper) filter (where status in ('Pending', 'InProgress', 'Sent') or mail_confirmed_at is not null)
                + $2 > $3
     ), open_candidates as (
       select candidate_user_id from spin_cycles
        where broadcaster_id = $1 and outcome is null and candidate_user_id is not null
          and verify_until + (timings->>'slackMs')::float8 * interval '1 millisecond' > clock_timestamp()
     )
     select string_agg(entry.character_name, E'\\n' order by entry.character_name collate "C") as names
       from pool_entries entry
      where entry.broadcaster_id = $1
        and not exists (select from paid_out where paid_out.twitch_user_id = entry.twitch_user_id)
        and entry.twitch_user_id not in (select candidate_user_id from open_candidates)`,
    [broadcasterId, PAYOUT_COPPER, LIFETIME_CAP_COPPER],
  );
  const names = firstRow(result)?.names ?? null;
  return names === null ? [] : names.split("\n");
}
