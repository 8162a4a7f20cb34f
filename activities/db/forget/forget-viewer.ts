import { randomUUID } from "node:crypto";
import { FORGOTTEN_NAME } from "@mgm/domain/forgotten";
import { type Database, firstRow, type Queryable, transact } from "../database.ts";
import { lockGiftViewer } from "../gift/locks.ts";
import { lockViewer } from "../pool/lock-viewer.ts";
import { replaceInDrawLists } from "./replace-in-lists.ts";
import { type KnownNames, knownNames, type OpenMatter, openMatters, type Viewer } from "./traces.ts";

/** What came of it: nothing while something is open; else how many rows were changed, by table. */
export type Forgotten =
  | { readonly kind: "open"; readonly matters: readonly OpenMatter[] }
  | { readonly kind: "forgotten"; readonly rows: Readonly<Record<string, number>> };

const EVER = new Date(0);

/**
 * Replaces a viewer's ids and names in all rows of a channel. The kept lists of draws come first, one by one, because
 * there may be thousands; then everything else in one transaction, which keeps draws out while it lasts and looks at the
 * lists that were drawn meanwhile. Until it commits the rows say what the names were, so whatever ends this half-way,
 * another run begins anew and ends it.
 *
 * The rows stay: how much gold went where is not forgotten, only to whom. They share one made-up id that leads nowhere.
 */
export async function forgetViewer(database: Database, viewer: Viewer): Promise<Forgotten> {
  for (;;) {
    const matters = await openMatters(database, viewer);
    if (matters.length > 0) return { kind: "open", matters };
    const begunAt = await now(database);
    const { characters } = await knownNames(database, viewer);
    const lists = await replaceInDrawLists(database, viewer, characters, EVER);
    const done = await transact(database, (client) => forgetRows(client, viewer, characters, begunAt));
    if (done === "renamed") continue;
    if (done.kind === "open") return done;
    return { ...done, rows: { ...done.rows, draw_lists: (done.rows.draw_lists ?? 0) + lists } };
  }
}

async function now(db: Queryable): Promise<Date> {
  const row = firstRow(await db.query<{ now: Date }>("select clock_timestamp() as now"));
  if (row === null) throw new Error("the clock always answers");
  return row.now;
}

async function forgetRows(
  client: Queryable,
  viewer: Viewer,
  replaced: readonly string[],
  begunAt: Date,
): Promise<Forgotten | "renamed"> {
  // Draws that run are waited for, later ones wait, and see a pool without the viewer.
  await client.query("lock table draw_lists in share row exclusive mode");
  await lockViewer(client, viewer.broadcasterId, viewer.twitchUserId);
  await lockGiftViewer(client, viewer.broadcasterId, viewer.twitchUserId);
  const matters = await openMatters(client, viewer);
  if (matters.length > 0) return { kind: "open", matters };
  const names = await knownNames(client, viewer);
  if (names.characters.some((name) => !replaced.includes(name))) return "renamed";
  const rows: Record<string, number> = {};
  rows.draw_lists = await replaceInDrawLists(client, viewer, names.characters, begunAt);
  rows.payout_events = await replaceInNotes(client, viewer, names);
  const pseudonym = `forgotten-${randomUUID()}`;
  for (const [table, statement] of Object.entries(STATEMENTS)) {
    // PostgreSQL does not guess the type of a parameter that a statement leaves out.
    const values = [viewer.broadcasterId, viewer.twitchUserId, pseudonym, FORGOTTEN_NAME, names.characters];
    const used = values.slice(0, Math.max(...[...statement.matchAll(/\$(\d)/g)].map(([, number]) => Number(number))));
    rows[table] = (rows[table] ?? 0) + ((await client.query(statement, used)).rowCount ?? 0);
  }
  return { kind: "forgotten", rows };
}

/** $1 channel, $2 viewer, $3 made-up id, $4 in place of names, $5 the viewer's character names. */
const STATEMENTS: Readonly<Record<string, string>> = {
  pool_entries: "delete from pool_entries where broadcaster_id = $1 and twitch_user_id = $2",
  pool_exits: "delete from pool_exits where broadcaster_id = $1 and twitch_user_id = $2",
  counted_writes:
    "delete from counted_writes where subject in ('writes:' || $1 || ':user:' || $2, 'moderation:' || $1 || ':user:' || $2)",
  command_messages: `update command_messages set twitch_user_id = $3 where broadcaster_id = $1 and twitch_user_id = $2`,
  claims: `update claims set twitch_user_id = $3, character_name = $4, enrollment_request_id = $3 || '-' || gen_random_uuid()
    where broadcaster_id = $1 and twitch_user_id = $2`,
  draws: `update draws set candidate_user_id = $3, candidate_name = $4
    where broadcaster_id = $1 and candidate_user_id = $2`,
  payouts: `update payouts set twitch_user_id = $3, twitch_display_name = $4, character_name = $4, enrollment_request_id = $3
    where broadcaster_id = $1 and twitch_user_id = $2`,
  gift_use: "update gift_use set twitch_user_id = $3 where broadcaster_id = $1 and twitch_user_id = $2",
  gift_requests: `update gift_requests set twitch_user_id = $3, twitch_display_name = $4, character_name = $4
    where broadcaster_id = $1 and twitch_user_id = $2`,
  // Where somebody else was drawn by the same name, the name on the wheel is theirs.
  spin_cycles: `update spin_cycles
      set wheel = (select coalesce(array_agg(case when name = any ($5) then $4 else name end order by place), '{}')
                     from unnest(wheel) with ordinality as shown (name, place)),
          candidate_user_id = case when candidate_user_id = $2 then $3 else candidate_user_id end,
          candidate_name = case when candidate_user_id = $2 then $4 else candidate_name end,
          candidate_display_name = case when candidate_user_id = $2 then $4 else candidate_display_name end,
          enrollment_request_id = case when candidate_user_id = $2 then $3 else enrollment_request_id end
    where broadcaster_id = $1
      and (candidate_user_id = $2 or (wheel && $5::text[] and not coalesce(candidate_name, '') = any ($5::text[])))`,
};

/** Notes are free text: whatever names or ids of the viewer stand in those about their payouts is replaced. */
async function replaceInNotes(client: Queryable, viewer: Viewer, names: KnownNames): Promise<number> {
  const words = [viewer.twitchUserId, ...names.characters, ...names.displayNames];
  const { rows } = await client.query<{ payout_id: string; event_number: number; note: string }>(
    `select payout_id, event_number, note from payout_events join payouts using (payout_id)
      where payouts.broadcaster_id = $1 and twitch_user_id = $2 and note is not null`,
    [viewer.broadcasterId, viewer.twitchUserId],
  );
  let changed = 0;
  for (const { payout_id, event_number, note } of rows) {
    const cleaned = withoutWords(note, words);
    if (cleaned === note) continue;
    await client.query("update payout_events set note = $3 where payout_id = $1 and event_number = $2", [
      payout_id,
      event_number,
      cleaned,
    ]);
    await client.query("update payouts set attention_note = $2 where payout_id = $1 and attention_note = $3", [
      payout_id,
      cleaned,
      note,
    ]);
    changed += 1;
  }
  return changed;
}

function withoutWords(text: string, words: readonly string[]): string {
  const pattern = words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")).join("|");
  return text.replaceAll(new RegExp(pattern, "giu"), FORGOTTEN_NAME);
}
