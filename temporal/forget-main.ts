import { openDatabase } from "@mgm/activities/db/database";
import { migrate } from "@mgm/activities/db/migrate";
import {
  commonSettings,
  type Environment,
  readEnvironment,
  readSettings,
  SettingsError,
  temporalConnection,
} from "@mgm/activities/settings";
import { Client, Connection } from "@temporalio/client";
import { type ForgetResult, forget } from "./forget/forget.ts";
import { withLoginDatabase } from "./start/login-database.ts";
import { StartError } from "./start/start-error.ts";
import { findTemporalAddress } from "./start/temporal-file.ts";

/*
 * `npm run forget <twitchUserId>`: replaces a viewer's ids and names in the database and deletes what Temporal keeps
 * about them. Ends with status 0 when nothing is left, 1 when something is open or could not be reached; running it again
 * is safe and goes on where it stopped.
 */

const LIMITS = { maxConnections: 4, connectTimeoutMs: 10_000, statementTimeoutMs: 120_000 };
const settingsForm = commonSettings.pick({
  DATABASE_URL: true,
  TEMPORAL_ADDRESS: true,
  TEMPORAL_NAMESPACE: true,
  TEMPORAL_TASK_QUEUE: true,
  TEMPORAL_API_KEY: true,
  TEMPORAL_TLS: true,
  TEMPORAL_TLS_SERVER_CA: true,
  TEMPORAL_TLS_SERVER_NAME: true,
  TEMPORAL_TLS_CLIENT_CERT: true,
  TEMPORAL_TLS_CLIENT_KEY: true,
});
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

const WAYS_OUT: Readonly<Record<string, string>> = {
  payout: "gold is owed; cancel the payout, or wait until it is sent",
  question: "a question about a mail is open; settle it",
  gift: "a gift request is open; end it, or wait",
  unsent_gift: "an item's mail was not sent yet; have it sent, or take it back",
  spin: "a spin is about this viewer; wait until it is decided",
  workflow: "its workflow has not ended yet; wait a moment",
};

async function run(environment: Environment, twitchUserId: string): Promise<boolean> {
  const settings = readSettings(settingsForm, environment);
  await migrate(settings.DATABASE_URL);
  const connection = await Connection.connect({ ...temporalConnection(settings), connectTimeout: "10s" });
  const database = openDatabase(settings.DATABASE_URL, LIMITS, () => undefined);
  try {
    const client = new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE });
    return describe(await forget(database, client, twitchUserId));
  } finally {
    await Promise.all([database.end(), connection.close()]);
  }
}

function describe(result: ForgetResult): boolean {
  if (result.kind === "open") {
    tell("Nothing was changed, because something is still going on with this viewer:");
    for (const { kind, id } of result.matters) tell(`  ${kind} ${id}: ${WAYS_OUT[kind]}`);
    return false;
  }
  const changed = Object.entries(result.rows).filter(([, count]) => count > 0);
  for (const [table, count] of changed) tell(`  ${table}: ${count}`);
  tell(`  Temporal: ${result.workflows} workflows deleted`);
  if (result.remaining > 0) {
    tell(`Temporal still shows ${result.remaining} workflows; run this again in a while.`);
    return false;
  }
  tell("Forgotten. What lies outside of the server is told in docs/how-to/viewer-data.md.");
  return true;
}

try {
  const [twitchUserId, ...more] = process.argv.slice(2);
  if (twitchUserId === undefined || more.length > 0 || !/^\S{1,64}$/.test(twitchUserId)) {
    throw new StartError("usage: npm run forget <twitchUserId>   (the number, not the name)");
  }
  const environment = readEnvironment(process.env);
  const temporalAddress = await findTemporalAddress(environment);
  const isDone = await withLoginDatabase(environment, ({ databaseUrl }) =>
    run({ ...environment, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress }, twitchUserId),
  );
  process.exit(isDone ? 0 : 1);
} catch (error) {
  const isForPeople = error instanceof SettingsError || error instanceof StartError;
  process.stderr.write(`${isForPeople ? error.message : String(error)}\n`);
  process.exit(1);
}
