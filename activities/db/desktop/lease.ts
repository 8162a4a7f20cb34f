import { firstRow, type Queryable } from "../database.ts";

/** How long a desktop may be silent and stay the active one. */
export const LEASE_SILENCE_MS = 60_000;

/** Which desktop is active; times are Unix milliseconds. */
export interface DesktopLease {
  readonly desktopId: string;
  readonly activeSince: number;
  /** Beaten recently enough: others may not write now. */
  readonly isHeld: boolean;
}

/** Reads the lease by the database's clock; null before the first beat ever. */
export async function readLease(db: Queryable, broadcasterId: string): Promise<DesktopLease | null> {
  const row = firstRow(
    await db.query<{ desktop_id: string; active_since: Date; is_held: boolean }>({
      name: "read-lease",
      text: `select desktop_id, active_since,
              last_beat_at >= clock_timestamp() - $2 * interval '1 millisecond' as is_held
         from desktop_leases where broadcaster_id = $1`,
      values: [broadcasterId, LEASE_SILENCE_MS],
    }),
  );
  if (row === null) return null;
  return { desktopId: row.desktop_id, activeSince: row.active_since.getTime(), isHeld: row.is_held };
}

/** Whether this desktop may write: nobody holds the lease, or it does. */
export async function mayDesktopWrite(db: Queryable, broadcasterId: string, desktopId: string): Promise<boolean> {
  const lease = await readLease(db, broadcasterId);
  return lease === null || !lease.isHeld || lease.desktopId === desktopId;
}
