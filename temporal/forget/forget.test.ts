import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";
import { forgetViewer } from "@mgm/activities/db/forget/forget-viewer";
import { channelsWithTraces, TRACES } from "@mgm/activities/db/forget/traces";
import { hmacSha256, sha256Hex } from "@mgm/activities/db/hashes";
import { removeFromPool } from "@mgm/activities/db/pool/leave";
import { drawIndex } from "@mgm/domain/draw";
import { FORGOTTEN_NAME } from "@mgm/domain/forgotten";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPage } from "../../docs/make/page.ts";
import { filled } from "../runbook/page.ts";
import { eventuallyHolds, expectConsistent } from "../runbook/read-model.ts";
import { type Subjects, subjectsOf } from "../runbook/subjects.ts";
import { eventually, randomName, startWorld, type World } from "../test/world.ts";
import { executionsAbout } from "./executions.ts";
import { forget } from "./forget.ts";

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("../forget-main.ts", import.meta.url));

/** Temporal may take half a minute to delete what it was asked to, and a busy machine as long again. */
const DELETED_WITHIN_MS = 150_000;

let world: World;
let subjects: Subjects;
beforeAll(async () => {
  world = await startWorld();
  subjects = subjectsOf(world);
});
afterAll(() => world.stop());

/** Every table that may tell of viewers, with every text in it, as one text. */
async function everything(): Promise<string> {
  const { rows: tables } = await world.database.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name not in ('publications', 'exchanged_requests', 'schema_migrations')`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => (await world.database.query(`select to_jsonb(t) as row from "${name}" t`)).rows),
  );
  const { rows: lists } = await world.database.query<{ names_deflated: Buffer }>(
    "select names_deflated from draw_lists",
  );
  return JSON.stringify(texts) + lists.map((list) => inflateRawSync(list.names_deflated).toString()).join("\n");
}

/** Which of these words still stand in any row. */
async function foundOf(words: readonly string[]): Promise<string[]> {
  const text = await everything();
  return words.filter((word) => text.includes(word));
}

const digest = async (): Promise<string> => sha256Hex(await everything());

/** A viewer with a past in every table: drawn, paid, asked about in a note, given an item. */
async function viewerWithAPast(): Promise<{ id: string; name: string; words: string[] }> {
  const payout = await subjects.payout();
  const { character: name = "", twitchUserId: id = "" } = payout.values;
  await world.desktop("PATCH", `/api/payouts/${payout.id}/status`, { status: "Failed" });
  await world.desktop("POST", `/api/payouts/${payout.id}/confirm-mail-sent`);
  await world.desktop("POST", `/api/payouts/${payout.id}/settle`, { note: `${name} has the mail, says ${id}` });
  // Removed by a moderator, and back again.
  await removeFromPool(world.database, world.broadcasterId, id, Date.now());
  const token = await world.token({ role: "viewer", userId: id });
  await world.post("/api/payouts/claim", { characterName: name, enrollmentRequestId: `of-${name}` }, token);
  const gift = await subjects.gifts.askAndComplete(id);
  await subjects.gifts.sent(gift.id);
  await eventually(async () => !(await executionsAbout(world.client, id)).some(({ isRunning }) => isRunning));
  return { id, name, words: [id, name, gift.characterName] };
}

/** How many rows each table has that holds a viewer's id. */
async function tracesOf(id: string): Promise<Record<string, number>> {
  const counts = Object.entries(TRACES).map(async ([table, column]) => {
    const { rowCount } = await world.database.query(`select from ${table} where ${column} = $1`, [id]);
    return [table, rowCount];
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** What the page's statement finds of a viewer, counted by table. */
async function foundByPage(id: string): Promise<Record<string, number>> {
  const statement =
    readPage("docs/how-to/viewer-data.md").blocks.find(({ language }) => language === "sql")?.text ?? "";
  const { rows } = await world.database.query<{ kept_in: string }>(filled(statement, { twitchUserId: id }));
  const found: Record<string, number> = {};
  for (const { kept_in: table } of rows) found[table] = (found[table] ?? 0) + 1;
  return found;
}

async function runCommand(...args: string[]): Promise<{ status: number | null; told: string }> {
  const child = spawnCommand(args);
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
  });
  const [status] = await once(child, "close");
  return { status, told };
}

function spawnCommand(args: readonly string[]) {
  return spawn(process.execPath, ["--import", LOADER, MAIN, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...world.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Forgets without waiting until Temporal has deleted what it was asked to: that takes it half a minute. */
const forgetRows = (id: string) => forget(world.database, world.client, id, 0);

/** A draw's index can be computed, and the list has an entry in that place. */
async function expectComputable(drawId: string): Promise<void> {
  const { rows } = await world.database.query(
    "select * from draws join draw_lists using (broadcaster_id, list_hash) where spin_cycle_id = $1",
    [drawId],
  );
  const [{ spin_cycle_id: spinCycleId, list_hash: listHash, entropy, entrants, candidate_index, names_deflated }] =
    rows;
  expect(drawIndex({ spinCycleId, listHash, entropy, entrants }, hmacSha256)).toBe(candidate_index);
  const names = inflateRawSync(names_deflated).toString("utf8").split("\n").slice(0, -1);
  expect(names).toHaveLength(entrants);
  expect(names[candidate_index]).toBe(FORGOTTEN_NAME);
}

describe("forgetting a viewer", () => {
  it("leaves neither ids nor names of theirs, in rows and lists of draws, and changes nobody else", async () => {
    const other = await subjects.payout();
    await world.desktop("POST", `/api/payouts/${other.id}/confirm-mail-sent`);
    const { id, name, words } = await viewerWithAPast();
    expect(await foundOf(words)).toEqual(words);
    expect((await executionsAbout(world.client, id)).length).toBeGreaterThan(3);
    const held = await tracesOf(id);
    expect(Object.values(held).every((count) => count > 0)).toBe(true);
    expect(await foundByPage(id)).toEqual(held);

    const drawn = await world.database.query("select spin_cycle_id from draws where candidate_user_id = $1", [id]);
    expect(await forgetRows(id)).toMatchObject({ kind: "forgotten" });
    expect(await foundOf(words)).toEqual([]);
    expect(await channelsWithTraces(world.database, id)).toEqual([]);
    expect(await foundByPage(id)).toEqual({});
    await expectComputable(drawn.rows[0].spin_cycle_id);
    expect(await foundOf(Object.values(other.values))).toEqual(Object.values(other.values));
    // What was paid stays counted, and the rows still fit together.
    const { rows } = await world.database.query(
      "select distinct twitch_user_id from payouts where character_name = $1",
      [FORGOTTEN_NAME],
    );
    expect(rows).toHaveLength(1);
    expect(await world.state()).toMatchObject({ spinPhase: expect.any(String) });
    await eventuallyHolds(() => expectConsistent(world));
    expect(await world.reconcile()).toMatchObject({ payoutsStarted: 0, giftsStarted: 0, payoutsFailed: 0 });
    expect(name).not.toBe(FORGOTTEN_NAME);
  });

  it.each(["payout", "question", "gift", "unsent_gift", "spin"] as const)(
    "touches nothing while something is open: %s",
    async (kind) => {
      const begin = {
        payout: () => subjects.payout(),
        question: () => subjects.attention(),
        gift: () => subjects.gift(),
        unsent_gift: () => subjects.delivery(),
        spin: () => subjects.spin(),
      }[kind];
      const { id, values } = await begin();
      const { twitchUserId = "" } = values;
      const before = await digest();
      const result = await forget(world.database, world.client, twitchUserId);
      expect(result).toEqual({ kind: "open", matters: [{ kind, id }] });
      expect(await digest()).toBe(before);
      await subjects.gifts.clear();
    },
  );

  it("waits for no workflow that still runs: it says so", async () => {
    const { values, workflowId } = await subjects.payout();
    const running = async () =>
      (await executionsAbout(world.client, values.twitchUserId ?? "")).filter(({ isRunning }) => isRunning);
    // Not the cycle, which stands in the list before the payout does.
    await eventually(async () => (await running()).map((one) => one.workflowId).join() === workflowId);
    await world.stopWorker();
    try {
      await world.database.query("update payouts set status = 'Failed' where twitch_user_id = $1", [
        values.twitchUserId,
      ]);
      await world.database.query("update spin_cycles set outcome = 'won' where outcome is null");
      const result = await forget(world.database, world.client, values.twitchUserId ?? "");
      expect(result).toEqual({ kind: "open", matters: [{ kind: "workflow", id: workflowId }] });
    } finally {
      await world.startWorker();
    }
    await world.client.workflow.getHandle(workflowId).terminate("by a test");
  });

  it("takes a viewer out of the pool, who may come back as somebody new", async () => {
    const viewer = { id: `back-${randomUUID()}`, displayName: "Comes Back" };
    await world.say(viewer, "!twgold Backagain");
    expect(await forgetRows(viewer.id)).toMatchObject({ rows: { pool_entries: 1 } });
    expect(await foundOf(["Backagain"])).toEqual([]);
    await world.say(viewer, "!twgold Backagain");
    expect(await foundOf(["Backagain"])).toEqual(["Backagain"]);
  });

  it(
    "as a command, in Temporal too, is cut off by kill -9, and done by the next run; again it does nothing",
    async () => {
      const { id, words } = await viewerWithAPast();
      // A draw that runs: the command waits for it in the middle of its work.
      const drawing = await world.database.connect();
      await drawing.query("begin");
      await drawing.query("lock table draw_lists in row exclusive mode");
      const child = spawnCommand([id]);
      await eventually(async () => {
        const { rowCount } = await world.database.query(
          "select from pg_locks where relation = 'draw_lists'::regclass and not granted and database = (select oid from pg_database where datname = current_database())",
        );
        return rowCount === 1;
      });
      child.kill("SIGKILL");
      await once(child, "close");
      await drawing.query("rollback");
      drawing.release();
      expect(await channelsWithTraces(world.database, id)).toEqual([world.broadcasterId]);
      // Another one is cut off when the rows are done and Temporal was not asked yet.
      const viewer = { broadcasterId: world.broadcasterId, twitchUserId: id };
      expect(await forgetViewer(world.database, viewer)).toMatchObject({ kind: "forgotten" });
      expect((await executionsAbout(world.client, id)).length).toBeGreaterThan(0);

      expect(await runCommand(id)).toMatchObject({ status: 0 });
      expect(await foundOf(words)).toEqual([]);
      expect(await executionsAbout(world.client, id)).toEqual([]);
      const rows = await world.database.query("select * from payouts order by payout_id");
      expect(await forget(world.database, world.client, id)).toMatchObject({
        kind: "forgotten",
        workflows: 0,
        rows: {},
      });
      expect((await world.database.query("select * from payouts order by payout_id")).rows).toEqual(rows.rows);
    },
    DELETED_WITHIN_MS,
  );

  it("is refused as a command with more than one id", async () => {
    expect(await runCommand("1", "2")).toMatchObject({ status: 1 });
  });
});

describe("a draw beside it", () => {
  it("keeps a list whole that is drawn from again by others", async () => {
    const name = randomName();
    const drawnAs = async (id: string, variant: number) => {
      await world.database.query("delete from pool_entries");
      await world.say({ id, displayName: "Viewer" }, `!twgold ${name}`);
      return await world.spin(variant);
    };
    const { spinCycleId, workflowId } = await drawnAs("first", 1_001);
    const list = async () => {
      const { rows } = await world.database.query<{ names_deflated: Buffer }>(
        "select names_deflated from draws join draw_lists using (broadcaster_id, list_hash) where spin_cycle_id = $1",
        [spinCycleId],
      );
      return rows[0] === undefined ? "" : inflateRawSync(rows[0].names_deflated).toString("utf8");
    };
    expect(await list()).toBe(`${name}\n`);
    await world.database.query("update spin_cycles set outcome = 'offline' where outcome is null");
    await world.client.workflow.getHandle(workflowId).terminate("by a test");
    await eventuallyHolds(async () => expect(await forgetRows("first")).toMatchObject({ kind: "forgotten" }));
    expect(await list()).toBe(`${FORGOTTEN_NAME}\n`);
    await drawnAs("second", 1_002);
    expect(await list()).toBe(`${name}\n`);
    // Now the name on it is the second one's: forgetting the first again, who is back under it, leaves it.
    await world.database.query("update spin_cycles set outcome = 'offline' where outcome is null");
    await world.database.query("delete from pool_entries");
    await world.say({ id: "first", displayName: "Viewer" }, `!twgold ${name}`);
    expect(await forgetRows("first")).toMatchObject({ kind: "forgotten" });
    expect(await list()).toBe(`${name}\n`);
  });
});
