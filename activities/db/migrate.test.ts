import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../temporal/test/engines.ts";
import { migrate } from "./migrate.ts";

/** The lock that node-pg-migrate takes. */
const LOCK = "7241865325823964";

let cloned: TestDatabase;
let other: pg.Client;
beforeAll(async () => {
  cloned = await cloneDatabase();
  other = new pg.Client({ connectionString: cloned.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await cloned.drop();
});

it("fails, and ends nobody's process, when the server goes away in the middle", async () => {
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => uncaught.push(error);
  process.on("uncaughtException", hear);
  await other.query(`select pg_advisory_lock(${LOCK})`);
  const migrated = migrate(cloned.url).then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
  const waiting = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'";
  await expect.poll(async () => (await other.query(waiting)).rowCount).toBe(1);
  await other.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
  expect(await migrated).toBe("57P01");
  await other.query(`select pg_advisory_unlock(${LOCK})`);
  // By then the end of the connection has been heard of.
  await migrate(cloned.url);
  process.off("uncaughtException", hear);
  expect(uncaught).toEqual([]);
});
