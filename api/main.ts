import { createLog } from "@mgm/activities/log";
import { readEnvironment, SettingsError } from "@mgm/activities/settings";
import { startTracing } from "@mgm/activities/tracing/tracing";
import { readApiConfig } from "./config.ts";
import { startApi } from "./server.ts";

/* The API's process. It answers with 503 until what it needs is there, so it may start in any order. */

try {
  const config = readApiConfig(readEnvironment(process.env));
  const log = createLog("api", config.LOG_LEVEL);
  const tracing = await startTracing(config, "mgm-api");
  const api = await startApi(config, log, { tracing });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      api
        .stop()
        .then(() => tracing?.stop())
        .then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ error }, "did not stop cleanly");
            process.exit(1);
          },
        );
    });
  }
} catch (error) {
  const told = error instanceof SettingsError ? error.message : `the API did not start: ${String(error)}`;
  process.stderr.write(`${told}\n`);
  process.exit(1);
}
