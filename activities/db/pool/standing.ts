import type { EnrolmentStanding } from "@mgm/domain/enrolment";
import { firstRow, type Queryable, timeOf } from "../database.ts";

/** SQL: copper that counts towards a viewer's lifetime cap ($1 broadcaster, $2 viewer). */
const COUNTED_COPPER = `
  select coalesce(sum(copper), 0)::float8 from payouts
   where broadcaster_id = $1 and twitch_user_id = $2
     and (status in ('Pending', 'InProgress', 'Sent') or mail_confirmed_at is not null)`;

/** Reads all that an enrolment under `characterName` is judged by. */
export async function readEnrolmentStanding(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
  characterName: string,
): Promise<EnrolmentStanding> {
  const result = await db.query<{
    active: boolean;
    copper: number;
    holder: string | null;
    entered_at: Date | null;
    left_at: Date | null;
  }>({
    name: "read-enrolment-standing",
    text: `select
        exists (select from payouts where broadcaster_id = $1 and twitch_user_id = $2
                   and status in ('Pending', 'InProgress')) as active,
        (${COUNTED_COPPER}) as copper,
        (select twitch_user_id from pool_entries where broadcaster_id = $1 and character_name = $3) as holder,
        (select commanded_at from pool_entries where broadcaster_id = $1 and twitch_user_id = $2) as entered_at,
        (select left_at from pool_exits where broadcaster_id = $1 and twitch_user_id = $2) as left_at`,
    values: [broadcasterId, twitchUserId, characterName],
  });
  const row = firstRow(result);
  if (row === null) throw new Error("a select without from always has a row");
  return {
    hasActivePayout: row.active,
    countedCopper: row.copper,
    nameHolder: row.holder,
    enteredAt: timeOf(row.entered_at),
    leftAt: timeOf(row.left_at),
  };
}

/** Reads whether an online candidate may still be paid. */
export async function readCandidateStanding(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
): Promise<{ hasActivePayout: boolean; countedCopper: number; isInPool: boolean }> {
  const result = await db.query<{ active: boolean; copper: number; in_pool: boolean }>(
    `select
        exists (select from payouts where broadcaster_id = $1 and twitch_user_id = $2
                   and status in ('Pending', 'InProgress')) as active,
        (${COUNTED_COPPER}) as copper,
        exists (select from pool_entries where broadcaster_id = $1 and twitch_user_id = $2) as in_pool`,
    [broadcasterId, twitchUserId],
  );
  const row = firstRow(result);
  if (row === null) throw new Error("a select without from always has a row");
  return { hasActivePayout: row.active, countedCopper: row.copper, isInPool: row.in_pool };
}
