import type { Queryable } from "../database.ts";

/** Every channel that has a row of its own: those that are drawn from, paid or given to. */
export async function channelsWithRows(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ broadcaster_id: string }>(
    `select broadcaster_id from channels union select broadcaster_id from pool_entries
      union select broadcaster_id from spin_cycles union select broadcaster_id from payouts
      union select broadcaster_id from gift_requests order by broadcaster_id`,
  );
  return rows.map((row) => row.broadcaster_id);
}
