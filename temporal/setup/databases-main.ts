import { setTimeout as delay } from "node:timers/promises";
import { readEnvironment, readSettings, SettingsError } from "@mgm/activities/settings";
import { z } from "zod";
import { ensureDatabases } from "./databases.ts";

/*
 * Makes the product's and Temporal's roles and databases on one PostgreSQL server, once. Ends with status 0 when they are
 * there. Waits for a server that is still starting.
 */

const settings = z.object({
  /** Somebody who may create roles and databases. */
  ADMIN_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** The product's own: user, password and database are made as it says. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  TEMPORAL_DB_USER: z.string().default("temporal"),
  TEMPORAL_DB_PASSWORD: z.string(),
  TEMPORAL_DB_NAME: z.string().default("temporal"),
  TEMPORAL_DB_VISIBILITY_NAME: z.string().default("temporal_visibility"),
});

const WAIT_MS = 60_000;
const RETRY_AFTER_MS = 1_000;

async function main(): Promise<void> {
  const config = readSettings(settings, readEnvironment(process.env));
  const product = new URL(config.DATABASE_URL);
  const wanted = [
    {
      role: decodeURIComponent(product.username),
      password: decodeURIComponent(product.password),
      databases: [decodeURIComponent(product.pathname.slice(1))],
    },
    {
      role: config.TEMPORAL_DB_USER,
      password: config.TEMPORAL_DB_PASSWORD,
      databases: [config.TEMPORAL_DB_NAME, config.TEMPORAL_DB_VISIBILITY_NAME],
    },
  ];
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    try {
      await ensureDatabases(config.ADMIN_DATABASE_URL, wanted);
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await delay(RETRY_AFTER_MS);
    }
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exit(1);
}
