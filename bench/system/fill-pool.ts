import { crowdMember } from "@mgm/simulator/twitch/viewers";
import pg from "pg";

const ROWS_A_STATEMENT = 5_000;

/** Puts viewers `from` to `from + count - 1` of the crowd into a channel's pool, past all checks. */
export async function fillPool(databaseUrl: string, broadcasterId: string, count: number, from = 0): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (let done = 0; done < count; done += ROWS_A_STATEMENT) {
    const rows = Math.min(ROWS_A_STATEMENT, count - done);
    const people = Array.from({ length: rows }, (_, index) => crowdMember(from + done + index));
    await client.query(
      `insert into pool_entries
         (broadcaster_id, twitch_user_id, twitch_display_name, character_name, enrollment_request_id, commanded_at)
       select $1, id, name, character, 'fill-' || id, now()
         from unnest($2::text[], $3::text[], $4::text[]) as people (id, name, character)`,
      [
        broadcasterId,
        people.map(({ id }) => id),
        people.map(({ displayName }) => displayName),
        people.map(({ character }) => character),
      ],
    );
  }
  // As autovacuum would have done by and by.
  await client.query("vacuum analyze pool_entries");
  await client.end();
}
