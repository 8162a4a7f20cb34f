import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Environment, readSettings } from "@mgm/activities/settings";
import { z } from "zod";
import { loopback } from "../engines/free-port.ts";
import { startPostgres } from "../engines/postgres.ts";
import { postmasterPort, superuser } from "../engines/postgres-data.ts";
import { createDatabase } from "./create-database.ts";
import { dataDir } from "./data-dir.ts";
import { keepSecrets, tokenEncryptionKey } from "./secrets.ts";

const DATABASE = "mgm";
const given = z.object({ DATA_DIR: dataDir, DATABASE_URL: z.string().optional() });

/** Where a login is kept. */
export interface LoginDatabase {
  readonly databaseUrl: string;
  /** The data folder's own key; null where the settings must name one. */
  readonly tokenKey: string | null;
}

/**
 * The database of the settings, else that of `npm start`: the running one, or one that is started for as long as `work`
 * takes.
 */
export async function withLoginDatabase<Result>(
  environment: Environment,
  work: (database: LoginDatabase) => Promise<Result>,
): Promise<Result> {
  const settings = readSettings(given, environment);
  const dataFolder = resolve(settings.DATA_DIR);
  if (settings.DATABASE_URL !== undefined) return await work({ databaseUrl: settings.DATABASE_URL, tokenKey: null });
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const secrets = keepSecrets(dataFolder);
  const tokenKey = tokenEncryptionKey(secrets);
  const password = secrets.postgresPassword;
  const dataDir = join(dataFolder, "postgres");
  const running = await postmasterPort(dataDir);
  if (running !== null) {
    const url = `postgres://${superuser}:${encodeURIComponent(password)}@${loopback}:${running}/${DATABASE}`;
    return await work({ databaseUrl: url, tokenKey });
  }
  const postgres = await startPostgres({ dataDir, password, durable: true, log: () => undefined });
  try {
    await createDatabase(postgres.url("postgres"), DATABASE);
    return await work({ databaseUrl: postgres.url(DATABASE), tokenKey });
  } finally {
    await postgres.stop();
  }
}
