import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { drawListText } from "@mgm/domain/draw";
import { FORGOTTEN_NAME } from "@mgm/domain/forgotten";
import type { Queryable } from "../database.ts";
import type { Viewer } from "./traces.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/**
 * Replaces a viewer's names in the kept lists of draws, each in its place, so that the draws' indexes still point where
 * they did. A list whose draw picked somebody else by the same name is left: there the name is theirs. Only lists drawn
 * at or after `since` are looked at. Returns how many were changed.
 */
export async function replaceInDrawLists(
  db: Queryable,
  viewer: Viewer,
  names: readonly string[],
  since: Date,
): Promise<number> {
  const gone = new Set(names);
  let changed = 0;
  for (let after = ""; gone.size > 0; ) {
    // One at a time: a list may be megabytes.
    const { rows } = await db.query<{ list_hash: string; names_deflated: Buffer }>(
      `select list_hash, names_deflated from draw_lists list
        where broadcaster_id = $1 and list_hash > $2 and last_drawn_at >= $3
          and not exists (select from draws
                           where broadcaster_id = $1 and draws.list_hash = list.list_hash
                             and candidate_name = any ($4) and candidate_user_id <> $5)
        order by list_hash limit 1`,
      [viewer.broadcasterId, after, since, names, viewer.twitchUserId],
    );
    const [list] = rows;
    if (list === undefined) break;
    after = list.list_hash;
    const kept = (await inflate(list.names_deflated)).toString("utf8").split("\n").slice(0, -1);
    const replaced = kept.map((name) => (gone.has(name) ? FORGOTTEN_NAME : name));
    if (replaced.every((name, index) => name === kept[index])) continue;
    await db.query("update draw_lists set names_deflated = $3 where broadcaster_id = $1 and list_hash = $2", [
      viewer.broadcasterId,
      list.list_hash,
      await deflate(drawListText(replaced)),
    ]);
    changed += 1;
  }
  return changed;
}
