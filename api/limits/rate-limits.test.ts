import { type Database, openDatabase } from "@mgm/activities/db/database";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../temporal/test/engines.ts";
import { RateLimits } from "./rate-limits.ts";

const settings = { viewerWrites: 5, viewerReads: 60, desktopRequests: 600, moderatorWrites: 60, trustedProxyHops: 0 };
const log = pino({ level: "silent" });

let cloned: TestDatabase;
let database: Database;
beforeAll(async () => {
  cloned = await cloneDatabase();
  const limits = { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 };
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});

let now: number;
let isAway: boolean;
let statements: number;
beforeEach(async () => {
  now = 1_000_000;
  isAway = false;
  statements = 0;
  await database.query("truncate counted_writes, exchanged_requests");
});

/** A process's counters, under the test's clock, over a database that can be taken away. */
function startProcess(): RateLimits {
  const query = async (statement: string, values?: unknown[]) => {
    statements++;
    if (isAway) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    return await database.query(statement, values);
  };
  return new RateLimits(settings, { query } as unknown as Database, log, () => now);
}

const reads = { subject: "reads:x", limit: 60, isExact: false };
const writes = { subject: "writes:x", limit: 5, isExact: true };

async function countPassed(limits: RateLimits, budget: typeof reads, times: number): Promise<number> {
  let passed = 0;
  for (let i = 0; i < times; i++) if ((await limits.count(budget)).passed) passed++;
  return passed;
}

describe("reads over two processes", () => {
  it("converge to the limit, both know when there is room again, and slide in both", async () => {
    const [one, other] = [startProcess(), startProcess()];
    expect(await countPassed(one, reads, 40)).toBe(40);
    now += 1_000;
    await one.tend();
    await other.tend();
    expect(await countPassed(other, reads, 40)).toBe(20);
    await other.tend();
    await one.tend();
    expect(await one.count(reads)).toMatchObject({ passed: false, remaining: 0 });

    now += 57_000;
    expect(await countPassed(one, reads, 1)).toBe(0);
    expect(await countPassed(other, reads, 1)).toBe(0);
    now += 2_500;
    expect(await countPassed(other, reads, 100)).toBe(40);
    now += 1_000;
    expect(await countPassed(other, reads, 100)).toBe(20);
  });

  it("tell nothing twice", async () => {
    const [one, other] = [startProcess(), startProcess()];
    await countPassed(one, reads, 10);
    for (let i = 0; i < 3; i++) {
      await one.tend();
      await other.tend();
    }
    expect(await other.count(reads)).toMatchObject({ passed: true, remaining: 49 });
    expect(await one.count(reads)).toMatchObject({ passed: true, remaining: 49 });
  });

  it("are known to a process that starts later", async () => {
    const one = startProcess();
    await countPassed(one, reads, 60);
    await one.tend();
    const late = startProcess();
    await late.tend();
    expect(await countPassed(late, reads, 5)).toBe(0);
  });

  it("cost one statement per exchange, however many there are", async () => {
    const one = startProcess();
    for (let viewer = 0; viewer < 500; viewer++) await countPassed(one, { ...reads, subject: `reads:${viewer}` }, 3);
    await one.tend();
    expect(statements).toBe(1);
  });
});

describe("writes", () => {
  it("are exact over two processes, and a flood costs the database no more than the limit", async () => {
    const [one, other] = [startProcess(), startProcess()];
    expect(await countPassed(one, writes, 3)).toBe(3);
    expect(await countPassed(other, writes, 100)).toBe(2);
    expect(await countPassed(one, writes, 100)).toBe(0);
    expect(statements).toBe(5 + 2);
  });

  it("are judged by PostgreSQL again when the time that it told has passed", async () => {
    const one = startProcess();
    await countPassed(one, writes, 6);
    const { resetMs } = await one.count(writes);
    now += resetMs - 1;
    const before = statements;
    expect((await one.count(writes)).passed).toBe(false);
    expect(statements).toBe(before);
    await database.query("update counted_writes set passed_at = array[clock_timestamp() - interval '61 seconds']");
    now += 1;
    expect((await one.count(writes)).passed).toBe(true);
  });

  it("leave no row behind when their minute is over", async () => {
    const one = startProcess();
    await countPassed(one, writes, 1);
    await database.query("update counted_writes set passed_at = array[clock_timestamp() - interval '61 seconds']");
    now += 60_000;
    await one.tend();
    expect((await database.query("select subject from counted_writes")).rows).toEqual([]);
  });
});

describe("without PostgreSQL", () => {
  it("reads go on by the local count, writes fail, and the exchange resumes by itself", async () => {
    const [one, other] = [startProcess(), startProcess()];
    isAway = true;
    expect(await countPassed(one, reads, 30)).toBe(30);
    await expect(one.count(writes)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await one.tend();
    isAway = false;
    expect(await countPassed(one, reads, 25)).toBe(25);
    await one.tend();
    await other.tend();
    expect(await countPassed(one, reads, 10)).toBe(5);
    expect(await countPassed(other, reads, 100)).toBe(35);
  });
});

describe("the exchange's timer", () => {
  it("repeats until it is stopped, and stopping waits for the exchange that runs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let answer: (result: { rows: unknown[] }) => void = () => undefined;
      const query = () => {
        statements++;
        return new Promise((resolve) => {
          answer = resolve;
        });
      };
      const limits = new RateLimits(settings, { query } as unknown as Database, log);
      limits.start(1_000);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(statements).toBe(1);
      answer({ rows: [] });
      await vi.advanceTimersByTimeAsync(1_000);
      expect(statements).toBe(2);

      let isStopped = false;
      const stopped = limits.stop().then(() => {
        isStopped = true;
      });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(isStopped).toBe(false);
      answer({ rows: [] });
      await stopped;
      await vi.advanceTimersByTimeAsync(5_000);
      expect(statements).toBe(2);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
