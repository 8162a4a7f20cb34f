import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type World } from "../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.stop());

const NEWEST = "(select max(name) from schema_migrations)";

it("is not there with a database that lacks a change that this build has, and is with one that has more", async () => {
  expect(await world.get("/readyz")).toMatchObject({ status: 200, body: { postgres: "ok" } });
  const { rows } = await world.database.query(`delete from schema_migrations where name = ${NEWEST} returning *`);
  expect(await world.get("/readyz")).toMatchObject({ status: 503, body: { status: "unavailable", postgres: "down" } });
  await world.database.query(
    "insert into schema_migrations (name, run_on) values ($1, now()), ('9999_of-a-newer-build', now())",
    [rows[0].name],
  );
  expect(await world.get("/readyz")).toMatchObject({ status: 200, body: { postgres: "ok" } });
});
