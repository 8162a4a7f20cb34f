import { type Database, transact } from "../database.ts";
import { countForgedLines } from "./count-forged-lines.ts";
import { type DesktopLease, LEASE_SILENCE_MS, readLease } from "./lease.ts";

/** What a desktop tells with each beat; null where it does not know. */
export interface Heartbeat {
  readonly broadcasterId: string;
  readonly desktopId: string;
  readonly desktopVersion: string;
  readonly addonVersion: string | null;
  readonly character: string | null;
  readonly realm: string | null;
  readonly transport: string | null;
  readonly gameFound: boolean | null;
  readonly bangSwallowed: boolean | null;
  /** How many forged lines it has found, ever. */
  readonly forgedLines: number | null;
  readonly takeOver: boolean;
}

/**
 * Notes a beat and decides who is active: the first desktop that beats, until it was silent for too long or another
 * takes over. A return after silence begins a new activity.
 */
export async function beat(database: Database, heartbeat: Heartbeat): Promise<DesktopLease> {
  return await transact(database, async (client) => {
    await client.query(
      `insert into desktop_leases as lease (broadcaster_id, desktop_id, active_since, last_beat_at)
       values ($1, $2, clock_timestamp(), clock_timestamp())
       on conflict (broadcaster_id) do update set
         active_since = case
           when lease.desktop_id = $2 and lease.last_beat_at >= clock_timestamp() - $4 * interval '1 millisecond'
             then lease.active_since
           else clock_timestamp() end,
         desktop_id = $2, last_beat_at = clock_timestamp()
       where lease.desktop_id = $2 or $3
          or lease.last_beat_at < clock_timestamp() - $4 * interval '1 millisecond'`,
      [heartbeat.broadcasterId, heartbeat.desktopId, heartbeat.takeOver, LEASE_SILENCE_MS],
    );
    const { forgedLines } = heartbeat;
    if (forgedLines !== null) await countForgedLines(client, { ...heartbeat, forgedLines });
    const namesStreamer = heartbeat.character !== null && heartbeat.realm !== null;
    await client.query(
      `insert into desktops as known (broadcaster_id, desktop_id, last_beat_at, desktop_version, addon_version,
          character_name, realm, transport, game_found, bang_swallowed, streamer_character, streamer_realm, forged_lines)
       values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce($12::bigint, 0))
       on conflict (broadcaster_id, desktop_id) do update set
         last_beat_at = excluded.last_beat_at, desktop_version = excluded.desktop_version,
         addon_version = excluded.addon_version, character_name = excluded.character_name, realm = excluded.realm,
         transport = excluded.transport, game_found = excluded.game_found,
         bang_swallowed = coalesce(excluded.bang_swallowed, known.bang_swallowed),
         streamer_character = coalesce(excluded.streamer_character, known.streamer_character),
         streamer_realm = coalesce(excluded.streamer_realm, known.streamer_realm),
         forged_lines = coalesce($12::bigint, known.forged_lines)`,
      [
        heartbeat.broadcasterId,
        heartbeat.desktopId,
        heartbeat.desktopVersion,
        heartbeat.addonVersion,
        heartbeat.character,
        heartbeat.realm,
        heartbeat.transport,
        heartbeat.gameFound,
        heartbeat.bangSwallowed,
        namesStreamer ? heartbeat.character : null,
        namesStreamer ? heartbeat.realm : null,
        forgedLines,
      ],
    );
    const lease = await readLease(client, heartbeat.broadcasterId);
    if (lease === null) throw new Error("a lease cannot be absent after a beat");
    return lease;
  });
}
