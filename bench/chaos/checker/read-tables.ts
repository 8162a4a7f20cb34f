import type { ClientBase } from "pg";
import type { Tables } from "./evidence.ts";

/** Reads every table that the checker knows, of one channel, as one moment has them. */
export async function readTables(client: ClientBase, broadcasterId: string): Promise<Tables> {
  const rows = async (table: string, order: string) =>
    (await client.query(`select * from ${table} where broadcaster_id = $1 order by ${order}`, [broadcasterId])).rows;
  const { rows: clock } = await client.query<{ now: Date }>("select clock_timestamp() as now");
  return {
    now: clock[0]?.now ?? new Date(Number.NaN),
    pool: await rows("pool_entries", "twitch_user_id"),
    exits: await rows("pool_exits", "twitch_user_id"),
    commands: await rows("command_messages", "received_at"),
    claims: await rows("claims", "claimed_at"),
    cycles: await rows("spin_cycles", "boundary_at"),
    draws: await rows("draws", "drawn_at"),
    drawLists: await rows("draw_lists", "list_hash"),
    payouts: await rows("payouts", "created_at"),
    payoutEvents: await rows("payout_events", "payout_id, event_number"),
    announcements: await rows("announcement_claims", "claimed_at"),
    gifts: await rows("gift_requests", "arrival"),
    giftEvents: await rows("gift_events", "gift_request_id, event_number"),
    giftUse: await rows("gift_use", "used_at"),
  };
}
