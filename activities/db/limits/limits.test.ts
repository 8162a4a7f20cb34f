import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../../temporal/test/engines.ts";
import { type Database, openDatabase } from "../database.ts";
import { countWrite } from "./count-write.ts";
import { exchangeRequests } from "./exchange-requests.ts";
import { pruneCountedWrites } from "./prune-writes.ts";

const windowMs = 60_000;
const limits = { maxConnections: 20, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 };

let cloned: TestDatabase;
let database: Database;
beforeAll(async () => {
  cloned = await cloneDatabase();
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});

const write = (subject: string, limit: number) => countWrite(database, { subject, limit, windowMs });

/** Makes all counted writes of a subject older. */
async function letPass(subject: string, ms: number): Promise<void> {
  await database.query(
    `update counted_writes set passed_at = array(select past - $2 * interval '1 millisecond' from unnest(passed_at) as past
      order by past) where subject = $1`,
    [subject, ms],
  );
}

describe("writes counted in PostgreSQL", () => {
  it("pass up to the limit and are refused then", async () => {
    const subject = randomUUID();
    expect(await write(subject, 2)).toMatchObject({ passed: true, count: 1 });
    expect(await write(subject, 2)).toMatchObject({ passed: true, count: 2 });
    const refused = await write(subject, 2);
    expect(refused).toMatchObject({ passed: false, count: 2 });
    expect(refused.resetMs).toBeGreaterThan(50_000);
    expect(refused.resetMs).toBeLessThanOrEqual(60_000);
  });

  it("leave the window one by one, a minute after each", async () => {
    const subject = randomUUID();
    await write(subject, 2);
    await letPass(subject, 40_000);
    const second = await write(subject, 2);
    expect(second.resetMs).toBeLessThanOrEqual(20_000);
    await letPass(subject, 19_000);
    expect(await write(subject, 2)).toMatchObject({ passed: false });
    await letPass(subject, 1_000);
    expect(await write(subject, 2)).toMatchObject({ passed: true, count: 2 });
    const refused = await write(subject, 2);
    expect(refused).toMatchObject({ passed: false, count: 2 });
    expect(refused.resetMs).toBeGreaterThan(30_000);
    expect(refused.resetMs).toBeLessThanOrEqual(40_000);
  });

  it("pass exactly as often as the limit allows when all come at once", async () => {
    const subject = randomUUID();
    const answers = await Promise.all(Array.from({ length: 60 }, () => write(subject, 7)));
    expect(answers.filter(({ passed }) => passed)).toHaveLength(7);
    expect(answers.map(({ count }) => count).sort((a, b) => a - b)).toEqual([
      ...[1, 2, 3, 4, 5, 6],
      ...Array<number>(54).fill(7),
    ]);
  });

  it("keep one row of at most the limit's length, also when the limit was lowered", async () => {
    const subject = randomUUID();
    for (let i = 0; i < 6; i++) await write(subject, 5);
    const { rows } = await database.query("select cardinality(passed_at) from counted_writes where subject = $1", [
      subject,
    ]);
    expect(rows).toEqual([{ cardinality: 5 }]);
    expect(await write(subject, 2)).toMatchObject({ passed: false });
  });

  it("are pruned when they are older than the window, and only then", async () => {
    const [old, young] = [randomUUID(), randomUUID()];
    await write(old, 5);
    await write(young, 5);
    await letPass(old, windowMs);
    await letPass(young, windowMs - 10_000);
    await pruneCountedWrites(database, windowMs);
    const { rows } = await database.query("select subject from counted_writes where subject = any ($1)", [
      [old, young],
    ]);
    expect(rows).toEqual([{ subject: young }]);
  });
});

describe("requests that processes tell each other", () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const exchange = (processId: string, ages: Record<string, number[]> | null, heardBatchIds: string[] = []) =>
    exchangeRequests(database, { processId, ages, heardBatchIds, windowMs });

  it("are heard by the others, once, until they are older than the window", async () => {
    expect(await exchange(one, { "reads:x": [5, 10] })).toEqual([]);
    const heard = await exchange(other, { "reads:y": [1] });
    expect(heard).toMatchObject([{ ages: { "reads:x": [5, 10] } }]);
    expect(heard[0]?.toldMsAgo).toBeGreaterThanOrEqual(0);
    const ids = heard.map(({ batchId }) => batchId);
    expect(await exchange(other, null, ids)).toEqual([]);
    expect(await exchange(one, null)).toMatchObject([{ ages: { "reads:y": [1] } }]);

    await database.query("update exchanged_requests set published_at = published_at - interval '61 seconds'");
    expect(await exchange(other, null)).toEqual([]);
    const { rows } = await database.query("select count(*)::int from exchanged_requests");
    expect(rows).toEqual([{ count: 0 }]);
  });
});
