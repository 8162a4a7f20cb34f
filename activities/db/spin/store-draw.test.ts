import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { CONTRACT_TIMINGS, type Timings } from "@mgm/domain/timings";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../../temporal/test/engines.ts";
import { eventually } from "../../../temporal/test/world.ts";
import { type Database, openDatabase } from "../database.ts";
import { setPaused } from "./read-roulette.ts";
import { type DrawResult, storeDraw, storeMissed } from "./store-draw.ts";

const CHANNEL = "channel";

let cloned: TestDatabase;
let database: Database;
beforeAll(async () => {
  cloned = await cloneDatabase();
  const limits = { maxConnections: 20, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});
beforeEach(async () => {
  await database.query(
    "truncate pool_entries, spin_cycles, draws, draw_lists, payouts, payout_events, announcement_claims, channels",
  );
});

const timings: Timings = CONTRACT_TIMINGS;
const currentBoundary = () => Math.floor(Date.now() / timings.intervalMs) * timings.intervalMs;

function draw(changes: { boundary?: number; timings?: Timings; broadcasterId?: string } = {}): Promise<DrawResult> {
  const boundary = changes.boundary ?? currentBoundary();
  return storeDraw(database, {
    broadcasterId: CHANNEL,
    boundary,
    workflowId: `spin-${boundary}`,
    // The machine's clock may stand anywhere in an interval: every moment of it is early enough here.
    timings: { ...timings, graceMs: timings.intervalMs },
    entropy: { bytes: randomBytes(32), source: "test" },
    ...changes,
  });
}

async function enrol(...names: string[]): Promise<void> {
  for (const name of names) {
    await database.query(
      `insert into pool_entries (broadcaster_id, twitch_user_id, twitch_display_name, character_name,
         enrollment_request_id, commanded_at) values ($1, $2, $2, $3, 'r', now())`,
      [CHANNEL, `user of ${name}`, name],
    );
  }
}

async function plantPayout(
  name: string,
  status: string,
  options: { confirmed?: boolean; count?: number } = {},
): Promise<void> {
  for (let i = 0; i < (options.count ?? 1); i++) {
    await database.query(
      `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name,
         character_name, enrollment_request_id, copper, status, version, created_at, updated_at, expires_at,
         visible_from, timings, mail_confirmed_at)
       values ($1, $2, $3, $4, 'x', $5, 'r', 10000000, $6, 1, now(), now(), now(), now(), '{}', $7)`,
      [randomUUID(), CHANNEL, randomUUID(), `user of ${name}`, name, status, options.confirmed ? new Date() : null],
    );
  }
}

const candidateOf = (result: DrawResult): string | null =>
  result.kind === "stored" ? result.cycle.candidateName : result.kind;

describe("a stored draw", () => {
  it("is what a retry gets, whatever has changed since", async () => {
    await enrol("Anna", "Berta", "Clara", "Дина");
    const first = await draw();
    await database.query("delete from pool_entries");
    await enrol("Somebody");
    expect(await draw()).toEqual(first);
    await setPaused(database, CHANNEL, true);
    expect(await draw()).toEqual(first);
  });

  it("is of one moment, whoever comes or goes while it is under way", async () => {
    await enrol("Anna");
    const barrier = await database.connect();
    await barrier.query("begin");
    await barrier.query("lock table spin_cycles in share mode");
    const drawing = draw();
    // The list is read by now, and the draw waits to be stored.
    const waiting = `select from pg_locks join pg_database on pg_database.oid = database
      where datname = current_database() and relation = 'spin_cycles'::regclass and not granted`;
    await eventually(async () => (await database.query(waiting)).rowCount === 1);
    await database.query("update pool_entries set character_name = 'Berta' where character_name = 'Anna'");
    await database.query(
      "insert into pool_entries select broadcaster_id, 'thief', 'x', 'Anna', 'r', now() from pool_entries",
    );
    await barrier.query("commit");
    barrier.release();
    expect(await drawing).toMatchObject({ cycle: { candidateName: "Anna", candidateUserId: "user of Anna" } });
  });

  it("is one, although attempts overlap", async () => {
    await enrol(...Array.from({ length: 26 }, (_, i) => `Name${String.fromCharCode(97 + i)}`));
    const settled = await Promise.allSettled(Array.from({ length: 10 }, () => draw()));
    const stored = settled.flatMap((one) => (one.status === "fulfilled" ? [candidateOf(one.value)] : []));
    expect(new Set([...stored, candidateOf(await draw())]).size).toBe(1);
    expect((await database.query("select from draws")).rowCount).toBe(1);
  });

  it("can be computed again by anybody from what is kept", async () => {
    await enrol("Żółwik", "Ёжик", "Anna", "Яна", "Zug");
    await draw();
    const { rows } = await database.query("select * from draws join draw_lists using (broadcaster_id, list_hash)");
    const [kept] = rows;
    const list = inflateRawSync(kept.names_deflated);
    expect(createHash("sha256").update(list).digest("hex")).toBe(kept.list_hash);
    const names = list.toString("utf8").split("\n").slice(0, -1);
    const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(names).toEqual(sorted);
    expect(names).toHaveLength(5);
    const text = `mgm-draw-1\n${kept.spin_cycle_id}\n${kept.list_hash}\n0`;
    const x = createHmac("sha256", kept.entropy).update(text).digest().readBigUInt64BE();
    expect(kept.candidate_index).toBe(Number(x % 5n));
    expect(kept.candidate_name).toBe(names[kept.candidate_index]);
  });

  it("keeps a list once, however often it is drawn from", async () => {
    await enrol("Anna", "Berta", "Clara");
    const boundary = currentBoundary();
    await draw({ boundary });
    await database.query("update spin_cycles set outcome = 'offline', outcome_at = now()");
    await draw({ boundary: boundary + 1 });
    expect((await database.query("select from draws")).rowCount).toBe(2);
    expect((await database.query("select from draw_lists")).rowCount).toBe(1);
  });
});

describe("who may be drawn", () => {
  it("is nobody when the pool is empty", async () => {
    const result = await draw();
    expect(result).toMatchObject({
      kind: "stored",
      cycle: { outcome: "nobody_eligible", candidateName: null, wheel: [] },
    });
  });

  it.each(["Pending", "InProgress"])("is not who has a payout that is %s", async (status) => {
    await enrol("Anna");
    await plantPayout("Anna", status);
    expect(candidateOf(await draw())).toBeNull();
  });

  it("is not who has reached the lifetime cap, expired but confirmed copper counted", async () => {
    await enrol("Anna", "Berta");
    await plantPayout("Anna", "Sent", { count: 9 });
    await plantPayout("Anna", "Expired", { confirmed: true });
    await plantPayout("Berta", "Sent", { count: 9 });
    await plantPayout("Berta", "Expired", { count: 5 });
    await plantPayout("Berta", "Failed");
    expect(candidateOf(await draw())).toBe("Berta");
  });

  it("is not the candidate of a cycle that may still be decided", async () => {
    await enrol("Anna");
    const boundary = currentBoundary();
    expect(
      candidateOf(
        await draw({
          boundary: boundary - timings.intervalMs,
          timings: { ...timings, graceMs: 3 * timings.intervalMs },
        }),
      ),
    ).toBe("Anna");
    expect(candidateOf(await draw({ boundary }))).toBeNull();
    await database.query("update spin_cycles set verify_until = clock_timestamp() - interval '4 seconds'");
    expect(candidateOf(await draw({ boundary: boundary + 1 }))).toBeNull();
    await database.query("update spin_cycles set verify_until = clock_timestamp() - interval '6 seconds'");
    expect(candidateOf(await draw({ boundary: boundary + 2 }))).toBe("Anna");
  });

  it("is who was drawn, and is paid, in another channel only", async () => {
    await enrol("Anna");
    const boundary = currentBoundary();
    await draw({ boundary });
    await plantPayout("Anna", "Pending");
    await database.query("update spin_cycles set broadcaster_id = 'another'");
    await database.query("update payouts set broadcaster_id = 'another'");
    expect(candidateOf(await draw({ boundary: boundary + 1 }))).toBe("Anna");
  });

  it("is nobody of another channel", async () => {
    await enrol("Anna");
    expect(candidateOf(await draw({ broadcasterId: "another" }))).toBeNull();
  });
});

describe("a boundary without a draw", () => {
  it("is too late after the grace, by the database's clock, and is stored as missed", async () => {
    await enrol("Anna");
    const boundary = currentBoundary() - 2 * timings.intervalMs;
    expect(await draw({ boundary, timings })).toEqual({ kind: "late" });
    expect((await database.query("select from spin_cycles")).rowCount).toBe(0);
    const start = { broadcasterId: CHANNEL, boundary, workflowId: "spin", timings };
    expect(await storeMissed(database, start)).toMatchObject({ outcome: "missed", candidateName: null, drawnAt: null });
    expect(await storeMissed(database, start)).toMatchObject({ outcome: "missed" });
  });

  it("is not missed when an attempt stored its draw after all", async () => {
    await enrol("Anna");
    const boundary = currentBoundary();
    await draw({ boundary });
    expect(
      await storeMissed(database, { broadcasterId: CHANNEL, boundary, workflowId: "spin", timings }),
    ).toMatchObject({
      outcome: null,
      candidateName: "Anna",
    });
  });

  it("has no cycle while spins are paused", async () => {
    await enrol("Anna");
    await setPaused(database, CHANNEL, true);
    const boundary = currentBoundary();
    expect(await draw({ boundary })).toEqual({ kind: "paused" });
    expect((await database.query("select from spin_cycles")).rowCount).toBe(0);
    const { rows } = await database.query("select skipped_boundary_at from channels");
    expect(rows[0].skipped_boundary_at.getTime()).toBe(boundary);
    await setPaused(database, CHANNEL, false);
    expect(candidateOf(await draw({ boundary: boundary + 1 }))).toBe("Anna");
  });
});
