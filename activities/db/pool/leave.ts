import type { Queryable } from "../database.ts";

/** Takes a viewer out of the pool and remembers when, so that an older command does not bring the entry back. */
export async function leavePool(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
  leftAt: number,
): Promise<boolean> {
  const removed = await db.query("delete from pool_entries where broadcaster_id = $1 and twitch_user_id = $2", [
    broadcasterId,
    twitchUserId,
  ]);
  await db.query(
    `insert into pool_exits as present (broadcaster_id, twitch_user_id, left_at) values ($1, $2, $3)
     on conflict (broadcaster_id, twitch_user_id) do update set left_at = greatest(present.left_at, excluded.left_at)`,
    [broadcasterId, twitchUserId, new Date(leftAt)],
  );
  return removed.rowCount === 1;
}
