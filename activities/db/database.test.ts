import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../temporal/test/engines.ts";
import { type Database, openDatabase, transact } from "./database.ts";

let cloned: TestDatabase;
let database: Database;
beforeAll(async () => {
  cloned = await cloneDatabase();
  const limits = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});

/** A transaction that writes, and fails with this state in its first two attempts; how often it was tried. */
async function triesOf(state: string): Promise<number> {
  let tries = 0;
  await transact(database, async (client) => {
    tries++;
    await client.query("insert into channels (broadcaster_id) values ($1)", [state]);
    if (tries < 3) await client.query(`do $$ begin raise exception 'planted' using errcode = '${state}'; end $$`);
  });
  return tries;
}

describe("a transaction", () => {
  it.each(["40001", "40P01"])("is tried again in place after %s, and takes effect once", async (state) => {
    expect(await triesOf(state)).toBe(3);
    expect((await database.query("select from channels where broadcaster_id = $1", [state])).rowCount).toBe(1);
  });

  it("is not tried again after any other failure, and leaves nothing behind", async () => {
    await expect(triesOf("53100")).rejects.toMatchObject({ code: "53100" });
    expect((await database.query("select from channels where broadcaster_id = '53100'")).rowCount).toBe(0);
  });
});
