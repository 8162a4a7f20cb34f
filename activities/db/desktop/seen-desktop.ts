import { firstRow, type Queryable } from "../database.ts";

/** The active desktop, as it last told of itself. */
export interface SeenDesktop {
  readonly seenAt: number;
  readonly desktopVersion: string;
  readonly addonVersion: string | null;
  readonly character: string | null;
  readonly realm: string | null;
  readonly gameFound: boolean | null;
  readonly transport: string | null;
}

/** The desktop that is active, or was so last; null before the first beat ever. */
export async function findSeenDesktop(db: Queryable, broadcasterId: string): Promise<SeenDesktop | null> {
  const row = firstRow(
    await db.query<{
      last_beat_at: Date;
      desktop_version: string;
      addon_version: string | null;
      character_name: string | null;
      realm: string | null;
      game_found: boolean | null;
      transport: string | null;
    }>(
      `select desktops.* from desktop_leases lease
         join desktops on desktops.broadcaster_id = lease.broadcaster_id and desktops.desktop_id = lease.desktop_id
        where lease.broadcaster_id = $1`,
      [broadcasterId],
    ),
  );
  if (row === null) return null;
  return {
    seenAt: row.last_beat_at.getTime(),
    desktopVersion: row.desktop_version,
    addonVersion: row.addon_version,
    character: row.character_name,
    realm: row.realm,
    gameFound: row.game_found,
    transport: row.transport,
  };
}
