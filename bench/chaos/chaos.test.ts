import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "./checker/check.ts";
import type { Evidence, Execution, History } from "./checker/evidence.ts";
import { readTables } from "./checker/read-tables.ts";
import { readExecutions, readHistories } from "./checker/read-workflows.ts";
import { readLedger } from "./ledger.ts";
import { PLANTED_FAULTS } from "./planted/all.ts";
import type { PlantedFault } from "./planted/plant.ts";
import { type RunResult, runChaos } from "./run.ts";
import { TEST_TIMINGS } from "./timings.ts";

/*
 * A small run of `npm run chaos`, and the proof that its checker would have seen what it is there for: one fault of each
 * kind, planted into what that run has left.
 */

const KILLS = 24;
const SEED = 20_260_404;
const RUN_MS = 900_000;

let folder: string;
let result: RunResult;
let database: pg.Client;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-chaos-test-"));
  result = await runChaos({
    kills: KILLS,
    seed: SEED,
    dataDir: join(folder, "data"),
    timings: TEST_TIMINGS,
    isHasty: true,
    environment: process.env,
    tell: () => undefined,
  });
  database = new pg.Client({ connectionString: result.system.databaseUrl });
  await database.connect();
  connection = await Connection.connect({ address: result.system.temporalAddress });
  client = new Client({ connection });
}, RUN_MS);
afterAll(async () => {
  await database.end();
  await connection.close();
  await result.system.stop();
  await rm(folder, { recursive: true });
});

it(`loses nothing and pays nothing twice over ${KILLS} kills`, () => {
  expect(result.findings).toEqual([]);
  expect(Object.values(result.count).reduce((sum, one) => sum + one, 0)).toBe(KILLS);
  // Everything happened that a run is there for; what the streamer is asked depends on moments, and nobody has to be forgotten.
  const { questions, payoutsUnpaid, giftsTimedOut, ...totals } = result.totals;
  const happened = { ...result.count, ...totals, gold: totals.mails - totals.gifts };
  expect(Object.entries(happened).filter(([, times]) => times === 0)).toEqual([]);
});

describe("the checker", () => {
  const ledger = () => readLedger(result.ledgerFile);
  let executions: readonly Execution[];
  let histories: readonly History[];
  beforeAll(async () => {
    executions = await readExecutions(client);
    histories = await readHistories(client, executions);
  });

  /** What the run has left, with a fault in it; the database is as before afterwards. */
  async function withFault({ sql = [], ...changes }: Partial<PlantedFault>): Promise<Evidence> {
    await database.query("begin");
    try {
      for (const statement of sql) {
        const { rowCount, command } = await database.query(statement);
        if (command !== "DROP") expect(rowCount).toBeGreaterThan(0);
      }
      const tables = await readTables(database, result.system.settings.TWITCH_BROADCASTER_ID);
      return {
        ledger: changes.ledger?.(ledger()) ?? ledger(),
        tables: changes.tables?.(tables) ?? tables,
        executions: changes.executions?.(executions) ?? executions,
        histories: changes.histories?.(histories) ?? histories,
      };
    } finally {
      await database.query("rollback");
    }
  }

  it("finds nothing where nothing was planted", async () => {
    expect(judge(await withFault({}))).toEqual([]);
  });

  it.each(PLANTED_FAULTS)("finds $finds: $what", async (fault) => {
    const { finds, subject = /^/ } = fault;
    const findings = judge(await withFault(fault)).filter((one) => one.code === finds && subject.test(one.subject));
    expect(findings).not.toEqual([]);
  });
});
