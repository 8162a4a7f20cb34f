import type { Queryable } from "../database.ts";

/**
 * Adds to a channel's forged lines those that a desktop has found since it last said how many it knows of. A desktop that
 * knows of fewer has begun anew. Call it after the channel's lease was touched, before the desktop's number is stored.
 */
export async function countForgedLines(
  db: Queryable,
  desktop: { broadcasterId: string; desktopId: string; forgedLines: number },
): Promise<void> {
  await db.query(
    `update desktop_leases lease set forged_lines = lease.forged_lines + case when $3 >= known then $3 - known else $3 end
       from (select coalesce((select forged_lines from desktops where broadcaster_id = $1 and desktop_id = $2), 0) as known)
              told
      where lease.broadcaster_id = $1 and known <> $3`,
    [desktop.broadcasterId, desktop.desktopId, desktop.forgedLines],
  );
}
