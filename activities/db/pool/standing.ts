import type { EnrolmentStanding } from "@mgm/domain/enrolment";
import { firstRow, type Queryable, timeOf } from "../database.ts";

/** SQL: copper that counts towards a viewer's lifetime cap. */
const countedCopper = (broadcaster: string, viewer: string): string => `
  select coalesce(sum(copper), 0)::float8 from payouts
   where broadcaster_id = ${broadcaster} and twitch_user_id = ${viewer}
     and (status in ('Pending', 'InProgress', 'Sent') or mail_confirmed_at is not null)`;

/** SQL: all columns of a {@link StandingRow}. */
const standingOf = (broadcaster: string, viewer: string, name: string): string => `
  exists (select from payouts where broadcaster_id = ${broadcaster} and twitch_user_id = ${viewer}
             and status in ('Pending', 'InProgress')) as active,
  (${countedCopper(broadcaster, viewer)}) as copper,
  (select twitch_user_id from pool_entries where broadcaster_id = ${broadcaster} and character_name = ${name}) as holder,
  (select commanded_at from pool_entries where broadcaster_id = ${broadcaster} and twitch_user_id = ${viewer}) as entered_at,
  (select left_at from pool_exits where broadcaster_id = ${broadcaster} and twitch_user_id = ${viewer}) as left_at`;

interface StandingRow {
  active: boolean;
  copper: number;
  holder: string | null;
  entered_at: Date | null;
  left_at: Date | null;
}

/** Reads all that an enrolment under `characterName` is judged by. */
export async function readEnrolmentStanding(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
  characterName: string,
): Promise<EnrolmentStanding> {
  const result = await db.query<StandingRow>({
    name: "read-enrolment-standing",
    text: `select ${standingOf("$1", "$2", "$3")}`,
    values: [broadcasterId, twitchUserId, characterName],
  });
  const row = firstRow(result);
  if (row === null) throw new Error("a select without from always has a row");
  return standing(row);
}

/** Who wants to enrol, under which name, by which message. */
export interface Wish {
  readonly broadcasterId: string;
  readonly twitchUserId: string;
  readonly characterName: string;
  readonly enrollmentRequestId: string;
}

/** Reads the standing of several, in their order, and whether their chat message was recorded before. */
export async function readEnrolmentStandings(
  db: Queryable,
  wishes: readonly Wish[],
): Promise<(EnrolmentStanding & { readonly isRecorded: boolean })[]> {
  const { rows } = await db.query<StandingRow & { recorded: boolean }>({
    name: "read-enrolment-standings",
    text: `select ${standingOf("wish.broadcaster", "wish.viewer", "wish.name")},
        exists (select from command_messages
                 where broadcaster_id = wish.broadcaster and message_id = wish.message) as recorded
      from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
           as wish (broadcaster, viewer, name, message, place)
     order by wish.place`,
    values: [
      wishes.map(({ broadcasterId }) => broadcasterId),
      wishes.map(({ twitchUserId }) => twitchUserId),
      wishes.map(({ characterName }) => characterName),
      wishes.map(({ enrollmentRequestId }) => enrollmentRequestId),
    ],
  });
  return rows.map((row) => ({ ...standing(row), isRecorded: row.recorded }));
}

function standing(row: StandingRow): EnrolmentStanding {
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
        (${countedCopper("$1", "$2")}) as copper,
        exists (select from pool_entries where broadcaster_id = $1 and twitch_user_id = $2) as in_pool`,
    [broadcasterId, twitchUserId],
  );
  const row = firstRow(result);
  if (row === null) throw new Error("a select without from always has a row");
  return { hasActivePayout: row.active, countedCopper: row.copper, isInPool: row.in_pool };
}
