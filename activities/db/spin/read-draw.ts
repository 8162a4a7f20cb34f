import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { DrawRecord } from "@mgm/domain/draw-record";
import { firstRow, type Queryable } from "../database.ts";

const inflate = promisify(inflateRaw);

/** A stored draw as everybody may see it, or the newest one; null where there is none. Whose Twitch user it is stays out. */
export async function readDraw(db: Queryable, spinCycleId: string | null): Promise<DrawRecord | null> {
  const result = await db.query<{
    spin_cycle_id: string;
    algorithm: string;
    entropy: Buffer;
    entropy_source: string;
    list_hash: string;
    entrants: number;
    candidate_index: number;
    candidate_name: string;
    drawn_at: Date;
    names_deflated: Buffer | null;
  }>(
    `select draw.*, list.names_deflated
       from draws draw left join draw_lists list using (broadcaster_id, list_hash)
      where $1::uuid is null or draw.spin_cycle_id = $1
      order by draw.drawn_at desc limit 1`,
    [spinCycleId],
  );
  const row = firstRow(result);
  if (row === null) return null;
  const list = row.names_deflated === null ? null : (await inflate(row.names_deflated)).toString("utf8");
  return {
    algorithm: row.algorithm,
    spinCycleId: row.spin_cycle_id,
    drawnAt: row.drawn_at.toISOString(),
    entropy: row.entropy.toString("hex"),
    entropySource: row.entropy_source,
    listHash: row.list_hash,
    entrants: row.entrants,
    index: row.candidate_index,
    candidate: row.candidate_name,
    names: list === null ? null : list.split("\n").slice(0, -1),
  };
}
