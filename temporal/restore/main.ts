import { openDatabase } from "@mgm/activities/db/database";
import { migrate } from "@mgm/activities/db/migrate";
import {
  commonSettings,
  productionFaults,
  readEnvironment,
  readSettings,
  SettingsError,
  temporalConnection,
  temporalFaults,
} from "@mgm/activities/settings";
import { Client, Connection } from "@temporalio/client";
import { afterRestore } from "./after-restore.ts";

/*
 * `npm run after-restore`: to be run when PostgreSQL or Temporal was restored from a backup, before API and worker start.
 * Prints what it found and did, in all channels, as JSON. Status 0: all is brought together; 2: somebody must look at
 * `unsettled`; 1: it could not be done.
 */

const LIMITS = { maxConnections: 4, connectTimeoutMs: 10_000, statementTimeoutMs: 30_000 };
const UNSETTLED = 2;

async function main(): Promise<number> {
  const config = readSettings(commonSettings, readEnvironment(process.env), [productionFaults, temporalFaults]);
  await migrate(config.DATABASE_URL);
  const database = openDatabase(config.DATABASE_URL, LIMITS, () => undefined);
  const connection = await Connection.connect(temporalConnection(config));
  try {
    const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
    const report = await afterRestore({ database, client, taskQueue: config.TEMPORAL_TASK_QUEUE });
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    process.stderr.write("Spins are paused: look at what was found, start API and worker, then resume them.\n");
    return report.unsettled.length === 0 ? 0 : UNSETTLED;
  } finally {
    await Promise.all([database.end(), connection.close()]);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exit(1);
}
