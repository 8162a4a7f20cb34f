import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { DRAW_ALGORITHM, drawIndex, drawListText, wheelNames } from "@mgm/domain/draw";
import { drawUntil, spinCycleId, verifyUntil } from "@mgm/domain/spin-cycle";
import type { Timings } from "@mgm/domain/timings";
import { type Database, firstRow, type Queryable, transact } from "../database.ts";
import { hmacSha256, sha1, sha256Hex } from "../hashes.ts";
import { findSpinCycle, type SpinCycle } from "./cycle-row.ts";
import { readEligibleNames } from "./eligible.ts";

const deflate = promisify(deflateRaw);

/** What a draw is asked for. `boundary` is Unix milliseconds; `entropy` 32 bytes and where they come from. */
export interface DrawRequest {
  readonly broadcasterId: string;
  readonly boundary: number;
  readonly workflowId: string;
  readonly timings: Timings;
  readonly entropy: { readonly bytes: Uint8Array; readonly source: string };
}

/** The cycle with its draw; `paused`: no cycle begins here; `late`: it is too late to begin one. */
export type DrawResult = { readonly kind: "stored"; readonly cycle: SpinCycle } | { readonly kind: "paused" | "late" };

/**
 * Draws and stores in one transaction. The cycle's id is its key: a retry, also beside an attempt that is still
 * running, finds the stored draw. Whether it is late is told by the database's clock at the moment of storing.
 */
export async function storeDraw(database: Database, request: DrawRequest): Promise<DrawResult> {
  const id = spinCycleId(request.broadcasterId, request.boundary, sha1);
  return await transact(
    database,
    async (client) => {
      // Before the snapshot is taken: while somebody is forgotten, a draw waits and then sees a pool without them.
      await client.query("lock table draw_lists in row exclusive mode");
      const stored = await findSpinCycle(client, request.broadcasterId, id);
      if (stored !== null) return { kind: "stored", cycle: stored };
      if (await skipWhilePaused(client, request)) return { kind: "paused" };
      const names = await readEligibleNames(client, request.broadcasterId);
      const inserted = await insertCycle(client, id, request, names);
      if (!inserted) return { kind: "late" };
      const cycle = await findSpinCycle(client, request.broadcasterId, id);
      if (cycle === null) throw new Error("the cycle that was just stored is gone");
      return { kind: "stored", cycle };
    },
    "repeatable read",
  );
}

async function skipWhilePaused(client: Queryable, request: DrawRequest): Promise<boolean> {
  const result = await client.query(
    `update channels set skipped_boundary_at = greatest(skipped_boundary_at, $2)
      where broadcaster_id = $1 and paused`,
    [request.broadcasterId, new Date(request.boundary)],
  );
  return result.rowCount === 1;
}

async function insertCycle(
  client: Queryable,
  id: string,
  request: DrawRequest,
  names: readonly string[],
): Promise<boolean> {
  const listText = drawListText(names);
  const listHash = sha256Hex(listText);
  const index =
    names.length === 0
      ? null
      : drawIndex({ spinCycleId: id, listHash, entropy: request.entropy.bytes, entrants: names.length }, hmacSha256);
  const result = await client.query<{
    candidate_name: string | null;
    candidate_user_id: string | null;
    drawn_at: Date;
  }>(
    `insert into spin_cycles
       (spin_cycle_id, broadcaster_id, boundary_at, workflow_id, timings, verify_until, drawn_at, wheel,
        candidate_name, candidate_user_id, candidate_display_name, enrollment_request_id, outcome, outcome_at)
     select $1, $2, $3, $4, $5, $6, clock_timestamp(), $7,
            entry.character_name, entry.twitch_user_id, entry.twitch_display_name, entry.enrollment_request_id,
            case when $8::text is null then 'nobody_eligible' end, case when $8::text is null then clock_timestamp() end
       from (select) as one
       left join pool_entries entry on entry.broadcaster_id = $2 and entry.character_name = $8
      where clock_timestamp() <= $9
     returning candidate_name, candidate_user_id, drawn_at`,
    [
      id,
      request.broadcasterId,
      new Date(request.boundary),
      request.workflowId,
      JSON.stringify(request.timings),
      new Date(verifyUntil(request.boundary, request.timings)),
      index === null ? [] : wheelNames(names, index),
      index === null ? null : names[index],
      new Date(drawUntil(request.boundary, request.timings)),
    ],
  );
  const cycle = firstRow(result);
  if (cycle === null) return false;
  if (index !== null) {
    const listDeflated = await deflate(listText);
    await client.query(
      `insert into draw_lists (broadcaster_id, list_hash, names_deflated, last_drawn_at) values ($1, $2, $3, $4)
       on conflict (broadcaster_id, list_hash) do update
         set last_drawn_at = excluded.last_drawn_at,
             -- A list in which somebody was forgotten is whole again when it is drawn from again.
             names_deflated = case when draw_lists.names_deflated = excluded.names_deflated
                                   then draw_lists.names_deflated else excluded.names_deflated end`,
      [request.broadcasterId, listHash, listDeflated, cycle.drawn_at],
    );
    await client.query(
      `insert into draws (spin_cycle_id, broadcaster_id, algorithm, entropy, entropy_source, list_hash, entrants,
                          candidate_index, candidate_name, candidate_user_id, drawn_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        id,
        request.broadcasterId,
        DRAW_ALGORITHM,
        Buffer.from(request.entropy.bytes),
        request.entropy.source,
        listHash,
        names.length,
        index,
        cycle.candidate_name,
        cycle.candidate_user_id,
        cycle.drawn_at,
      ],
    );
  }
  return true;
}

/** Records that a boundary's cycle ended as missed, unless a draw was stored for it after all. */
export async function storeMissed(database: Database, request: Omit<DrawRequest, "entropy">): Promise<SpinCycle> {
  const id = spinCycleId(request.broadcasterId, request.boundary, sha1);
  await database.query(
    `insert into spin_cycles (spin_cycle_id, broadcaster_id, boundary_at, workflow_id, timings, verify_until,
                              outcome, outcome_at)
     values ($1, $2, $3, $4, $5, $6, 'missed', clock_timestamp()) on conflict do nothing`,
    [
      id,
      request.broadcasterId,
      new Date(request.boundary),
      request.workflowId,
      JSON.stringify(request.timings),
      new Date(verifyUntil(request.boundary, request.timings)),
    ],
  );
  const cycle = await findSpinCycle(database, request.broadcasterId, id);
  if (cycle === null) throw new Error("the cycle that was just stored is gone");
  return cycle;
}
