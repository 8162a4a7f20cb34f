import type { Queryable } from "../database.ts";

/** Name of the index that gives a character name to one viewer. */
export const NAME_INDEX = "pool_entries_one_holder_per_name";

/** A viewer's wish to be in the pool. */
export interface PoolEntry {
  readonly broadcasterId: string;
  readonly twitchUserId: string;
  readonly twitchDisplayName: string;
  /** Canonical. */
  readonly characterName: string;
  readonly enrollmentRequestId: string;
  /** Unix milliseconds. */
  readonly commandedAt: number;
}

/** SQL: replaces the viewer's earlier entry. */
const UNLESS_NEWER = `on conflict (broadcaster_id, twitch_user_id) do update
  set twitch_display_name = excluded.twitch_display_name, character_name = excluded.character_name,
      enrollment_request_id = excluded.enrollment_request_id, commanded_at = excluded.commanded_at
  where present.commanded_at <= excluded.commanded_at`;

/**
 * Adds the entry or replaces the viewer's earlier one, unless that one is newer. The old name is free at once.
 * Throws the unique violation of {@link NAME_INDEX} when somebody else holds the name.
 */
export async function putPoolEntry(db: Queryable, entry: PoolEntry): Promise<void> {
  await db.query({
    name: "put-pool-entry",
    text: `insert into pool_entries as present
        (broadcaster_id, twitch_user_id, twitch_display_name, character_name, enrollment_request_id, commanded_at)
      values ($1, $2, $3, $4, $5, $6) ${UNLESS_NEWER}`,
    values: [
      entry.broadcasterId,
      entry.twitchUserId,
      entry.twitchDisplayName,
      entry.characterName,
      entry.enrollmentRequestId,
      new Date(entry.commandedAt),
    ],
  });
}

/** The same for several, of different viewers. */
export async function putPoolEntries(db: Queryable, entries: readonly PoolEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query({
    name: "put-pool-entries",
    text: `insert into pool_entries as present
        (broadcaster_id, twitch_user_id, twitch_display_name, character_name, enrollment_request_id, commanded_at)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
      ${UNLESS_NEWER}`,
    values: [
      entries.map(({ broadcasterId }) => broadcasterId),
      entries.map(({ twitchUserId }) => twitchUserId),
      entries.map(({ twitchDisplayName }) => twitchDisplayName),
      entries.map(({ characterName }) => characterName),
      entries.map(({ enrollmentRequestId }) => enrollmentRequestId),
      entries.map(({ commandedAt }) => new Date(commandedAt)),
    ],
  });
}
