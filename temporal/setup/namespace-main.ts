import { setTimeout as delay } from "node:timers/promises";
import {
  readEnvironment,
  readSettings,
  SettingsError,
  temporalConnection,
  temporalFaults,
} from "@mgm/activities/settings";
import { temporalFault } from "@mgm/activities/temporal-fault";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { Connection } from "@temporalio/client";
import { EngineError } from "../engines/engine-error.ts";
import { ensureSearchAttributes } from "../engines/search-attributes.ts";
import { setupSettings } from "./config.ts";
import { ensureNamespace } from "./namespace.ts";

/*
 * `npm run temporal-setup`: makes the namespace and registers the search attributes on the server that the settings
 * name, and ends with status 0 when both are there. May run again at any time. On Temporal Cloud it makes nothing; it
 * says what is missing.
 */

const WAIT_MS = 60_000;
const RETRY_AFTER_MS = 1_000;
/** What waiting may mend: a server that is still starting. */
const PASSING = ["temporal_unreachable", "temporal_address_unknown"];

async function main(): Promise<void> {
  const config = readSettings(setupSettings, readEnvironment(process.env), [temporalFaults]);
  const { TEMPORAL_NAMESPACE: namespace, TEMPORAL_RETENTION_DAYS: retentionDays } = config;
  const giveUpAt = Date.now() + WAIT_MS;
  for (;;) {
    const connection = Connection.lazy(temporalConnection(config));
    try {
      await ensureNamespace(connection, { namespace, retentionDays });
      await ensureSearchAttributes(connection, namespace, SEARCH_ATTRIBUTES);
      process.stdout.write(`namespace ${namespace} and its search attributes are there\n`);
      return;
    } catch (error) {
      const fault = error instanceof EngineError ? null : await temporalFault(config, error);
      if (fault === null || !PASSING.includes(fault.code) || Date.now() > giveUpAt) {
        if (fault === null) throw error;
        process.stderr.write(`${fault.code} (${fault.reason}): ${fault.remedy}\n`);
        process.exitCode = 1;
        return;
      }
      await delay(RETRY_AFTER_MS);
    } finally {
      await connection.close();
    }
  }
}

try {
  await main();
} catch (error) {
  const told = error instanceof EngineError ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`${error instanceof SettingsError ? error.message : told}\n`);
  process.exit(1);
}
