import { firstRow, type Queryable } from "../database.ts";

/** A viewer of a channel. */
export interface Viewer {
  readonly broadcasterId: string;
  readonly twitchUserId: string;
}

/** What is still going on with a viewer, by kind; the ids say where to look. */
export interface OpenMatter {
  readonly kind: "payout" | "question" | "gift" | "unsent_gift" | "spin";
  readonly id: string;
}

/** Tables that hold a viewer's id, and the column that holds it. */
export const TRACES = {
  pool_entries: "twitch_user_id",
  pool_exits: "twitch_user_id",
  command_messages: "twitch_user_id",
  claims: "twitch_user_id",
  spin_cycles: "candidate_user_id",
  draws: "candidate_user_id",
  payouts: "twitch_user_id",
  gift_requests: "twitch_user_id",
  gift_use: "twitch_user_id",
} as const;

/** The channels that hold anything of a viewer. */
export async function channelsWithTraces(db: Queryable, twitchUserId: string): Promise<string[]> {
  const traces = Object.entries(TRACES).map(
    ([table, column]) => `select broadcaster_id from ${table} where ${column} = $1`,
  );
  const { rows } = await db.query<{ broadcaster_id: string }>(`${traces.join(" union ")} order by 1`, [twitchUserId]);
  return rows.map((row) => row.broadcaster_id);
}

/** What must end before a viewer can be forgotten: gold or an item is owed, or a spin is about them. */
export async function openMatters(db: Queryable, viewer: Viewer): Promise<OpenMatter[]> {
  const { rows } = await db.query<OpenMatter>(
    `select 'payout' as kind, payout_id as id from payouts
      where broadcaster_id = $1 and twitch_user_id = $2 and status in ('Pending', 'InProgress')
     union all select 'question', payout_id from payouts
      where broadcaster_id = $1 and twitch_user_id = $2 and attention = 'open'
     union all select 'gift', gift_request_id from gift_requests
      where broadcaster_id = $1 and twitch_user_id = $2
        and state in ('Pending', 'SelectingItem', 'WaitingConfirmation')
     union all select 'unsent_gift', gift_request_id from gift_requests
      where broadcaster_id = $1 and twitch_user_id = $2 and state = 'Completed' and delivered_at is null
     union all select 'spin', spin_cycle_id from spin_cycles
      where broadcaster_id = $1 and candidate_user_id = $2 and outcome is null`,
    [viewer.broadcasterId, viewer.twitchUserId],
  );
  return rows;
}

/** The names that are known to be a viewer's. */
export interface KnownNames {
  /** Canonical character names. */
  readonly characters: readonly string[];
  /** Names on Twitch. */
  readonly displayNames: readonly string[];
}

/** Reads which names the rows tie to a viewer. */
export async function knownNames(db: Queryable, viewer: Viewer): Promise<KnownNames> {
  const row = firstRow(
    await db.query<{ characters: string[] | null; display_names: string[] | null }>(
      `select array_agg(distinct character) filter (where character is not null) as characters,
              array_agg(distinct display) filter (where display is not null) as display_names
         from (select character_name as character, twitch_display_name as display from pool_entries
                where broadcaster_id = $1 and twitch_user_id = $2
               union all select character_name, null from claims where broadcaster_id = $1 and twitch_user_id = $2
               union all select candidate_name, candidate_display_name from spin_cycles
                where broadcaster_id = $1 and candidate_user_id = $2
               union all select character_name, twitch_display_name from payouts
                where broadcaster_id = $1 and twitch_user_id = $2
               union all select character_name, twitch_display_name from gift_requests
                where broadcaster_id = $1 and twitch_user_id = $2) as known`,
      [viewer.broadcasterId, viewer.twitchUserId],
    ),
  );
  return { characters: row?.characters ?? [], displayNames: row?.display_names ?? [] };
}
