import { runner } from "node-pg-migrate";
import pg from "pg";
import { MIGRATIONS } from "./newest-migration.ts";

/** Brings the database at `url` to the newest schema; several processes may call it at once (it takes a lock). */
export async function migrate(url: string, log: (line: string) => void = () => undefined): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that goes away meanwhile fails the statements; unheard, its going would end the process as well.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      migrationsTable: "schema_migrations",
      direction: "up",
      advisoryLockMode: "wait",
      log,
      logger: { debug: () => undefined, info: log, warn: log, error: log },
    });
  } finally {
    await client.end();
  }
}
