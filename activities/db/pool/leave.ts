import { type Database, type Queryable, transact } from "../database.ts";
import { lockViewer } from "./lock-viewer.ts";

/** Takes a viewer out of the pool and remembers when, so that an older command does not bring the entry back. */
export async function leavePool(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
  leftAt: number,
): Promise<void> {
  await lockViewer(db, broadcasterId, twitchUserId);
  await deleteEntry(db, broadcasterId, twitchUserId);
  await rememberExit(db, broadcasterId, twitchUserId, leftAt);
}

/** The same by somebody's hand; removing nobody changes nothing. Returns whether there was an entry. */
export async function removeFromPool(
  database: Database,
  broadcasterId: string,
  twitchUserId: string,
  removedAt: number,
): Promise<boolean> {
  return await transact(database, async (client) => {
    await lockViewer(client, broadcasterId, twitchUserId);
    const removed = await deleteEntry(client, broadcasterId, twitchUserId);
    if (removed) await rememberExit(client, broadcasterId, twitchUserId, removedAt);
    return removed;
  });
}

async function deleteEntry(db: Queryable, broadcasterId: string, twitchUserId: string): Promise<boolean> {
  const removed = await db.query("delete from pool_entries where broadcaster_id = $1 and twitch_user_id = $2", [
    broadcasterId,
    twitchUserId,
  ]);
  return removed.rowCount === 1;
}

async function rememberExit(db: Queryable, broadcasterId: string, twitchUserId: string, at: number): Promise<void> {
  await db.query(
    `insert into pool_exits as present (broadcaster_id, twitch_user_id, left_at) values ($1, $2, $3)
     on conflict (broadcaster_id, twitch_user_id) do update set left_at = greatest(present.left_at, excluded.left_at)`,
    [broadcasterId, twitchUserId, new Date(at)],
  );
}
