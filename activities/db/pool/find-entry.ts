import { firstRow, type Queryable } from "../database.ts";

/** The name under which a viewer is in the pool; null when they are not. */
export async function findPoolName(db: Queryable, broadcasterId: string, twitchUserId: string): Promise<string | null> {
  const row = firstRow(
    await db.query<{ character_name: string }>({
      name: "find-pool-name",
      text: "select character_name from pool_entries where broadcaster_id = $1 and twitch_user_id = $2",
      values: [broadcasterId, twitchUserId],
    }),
  );
  return row?.character_name ?? null;
}
