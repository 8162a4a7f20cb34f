import type { Queryable } from "../database.ts";
import { type SpinCycle, type SpinCycleRow, spinCycleOf } from "./cycle-row.ts";

/** The newest cycles of a channel, newest first. */
export async function listCycles(db: Queryable, broadcasterId: string, limit: number): Promise<SpinCycle[]> {
  const result = await db.query<SpinCycleRow>(
    "select * from spin_cycles where broadcaster_id = $1 order by boundary_at desc limit $2",
    [broadcasterId, limit],
  );
  return result.rows.map(spinCycleOf);
}

/** Whether the channel's spins are paused. */
export async function isPaused(db: Queryable, broadcasterId: string): Promise<boolean> {
  const { rows } = await db.query<{ paused: boolean }>("select paused from channels where broadcaster_id = $1", [
    broadcasterId,
  ]);
  return rows[0]?.paused ?? false;
}
