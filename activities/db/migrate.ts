import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";

/** Brings the database at `url` to the newest schema; several processes may call it at once (it takes a lock). */
export async function migrate(url: string, log: (line: string) => void = () => undefined): Promise<void> {
  await runner({
    databaseUrl: { connectionString: url, connectionTimeoutMillis: 5_000 },
    dir: fileURLToPath(new URL("./migrations", import.meta.url)),
    migrationsTable: "schema_migrations",
    direction: "up",
    advisoryLockMode: "wait",
    log,
    logger: { debug: () => undefined, info: log, warn: log, error: log },
  });
}
