import type { Queryable } from "../database.ts";

/** How long message ids, names in lists and on wheels, and desktops that are seen no more are kept, in days. */
const KEEP_DAYS = 30;

/** Removes what nobody will ask for any more; returns of how many rows. */
export async function pruneOld(db: Queryable, broadcasterId: string): Promise<number> {
  const statements = [
    "delete from command_messages where broadcaster_id = $1 and received_at < now() - $2 * interval '1 day'",
    "delete from draw_lists where broadcaster_id = $1 and last_drawn_at < now() - $2 * interval '1 day'",
    // The names on it are mostly those of viewers who were never drawn, and whom no row names once they have left.
    "update spin_cycles set wheel = '{}' where broadcaster_id = $1 and wheel <> '{}' and drawn_at < now() - $2 * interval '1 day'",
    `delete from desktops where broadcaster_id = $1 and last_beat_at < now() - $2 * interval '1 day'
        and not exists (select from desktop_leases lease
                         where lease.broadcaster_id = desktops.broadcaster_id and lease.desktop_id = desktops.desktop_id)`,
  ];
  let removed = 0;
  for (const statement of statements) removed += (await db.query(statement, [broadcasterId, KEEP_DAYS])).rowCount ?? 0;
  return removed;
}
