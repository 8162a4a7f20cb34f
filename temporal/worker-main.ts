import { setTimeout as delay } from "node:timers/promises";
import { migrate } from "@mgm/activities/db/migrate";
import { createLog } from "@mgm/activities/log";
import { readEnvironment, SettingsError, temporalConnection } from "@mgm/activities/settings";
import { lazyTemporalConnection } from "@mgm/activities/temporal-connection";
import { temporalFault } from "@mgm/activities/temporal-fault";
import { startTracing } from "@mgm/activities/tracing/tracing";
import { chatPoster } from "@mgm/activities/twitch/announcer";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { serveMetrics } from "@mgm/api/metrics-server";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { Client, Connection } from "@temporalio/client";
import { DefaultLogger, makeTelemetryFilterString, NativeConnection } from "@temporalio/worker";
import type { Logger } from "pino";
import { readWorkerConfig, type WorkerConfig } from "./config.ts";
import { ensureSearchAttributes } from "./engines/search-attributes.ts";
import { type ChannelSchedules, ensureSchedules, keepSchedules } from "./schedule.ts";
import { createWorker, type PreparedWorker } from "./worker.ts";
import { installMeasuredRuntime, WorkerMetrics } from "./worker-metrics.ts";

/*
 * The worker's process. It waits until PostgreSQL and Temporal are there, brings both to the state that the workflows
 * need (schema, search attributes, schedule), and works until it is told to stop.
 */

const RETRY_AFTER_MS = 1_000;
const KEEP_SCHEDULES_EVERY_MS = 30_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(readEnvironment(process.env));
  const log = createLog("worker", config.LOG_LEVEL);
  let working: PreparedWorker | null = null;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      log.info({ signal }, "stopping");
      if (working === null) process.exit(0);
      if (working.worker.getState() === "RUNNING") working.shutdown();
    });
  }
  const tracing = await startTracing(config, "mgm-worker");
  const metrics = new WorkerMetrics();
  const sdkPage = await installMeasuredRuntime({
    // The SDK would swallow a signal that comes before there is a worker.
    shutdownSignals: [],
    logger: new DefaultLogger("WARN", ({ level, message, meta }) =>
      log[level === "ERROR" ? "error" : "warn"]({ meta }, message),
    ),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: "WARN", other: "ERROR" }) } },
  });
  metrics.page.passOn(sdkPage);
  const metricsServer = await serveMetrics(metrics.page, config, log);
  await until(
    () => migrate(config.DATABASE_URL),
    (error) => log.warn({ error }, "waiting for PostgreSQL"),
  );
  const tell = (error: unknown) => tellTemporalFault(config, log, error);
  await until(() => prepareTemporal(config), tell);
  const connection = await until(() => NativeConnection.connect(temporalConnection(config)), tell);
  const forClient = lazyTemporalConnection(temporalConnection(config));
  const client = new Client({
    connection: forClient.connection,
    namespace: config.TEMPORAL_NAMESPACE,
    ...(tracing === null ? {} : { plugins: [tracing.plugin] }),
  });
  const prepared = await createWorker({
    connection,
    client,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    databaseUrl: config.DATABASE_URL,
    postToChat: chatPoster(twitchFromSettings(config)),
    settings: config,
    activitySlots: config.WORKER_ACTIVITY_SLOTS,
    bundleFile: config.WORKFLOW_BUNDLE ?? null,
    wrapActivities: metrics.lag.measured,
    tracing,
    log,
  });
  metrics.watch(prepared.database, {
    broadcasterId: config.TWITCH_BROADCASTER_ID,
    intervalMs: config.TIMINGS.intervalMs,
  });
  log.info("the worker works");
  working = prepared;
  const stopKeeping = keepSchedules(client, channelOf(config), {
    everyMs: KEEP_SCHEDULES_EVERY_MS,
    onFault: (error) => log.warn({ error }, "the schedules were not looked at"),
  });
  await prepared.worker.run();
  stopKeeping();
  await metricsServer?.stop();
  await Promise.all([connection.close(), forClient.close(), prepared.close()]);
  await tracing?.stop();
}

async function prepareTemporal(config: WorkerConfig): Promise<void> {
  const connection = await Connection.connect({ ...temporalConnection(config), connectTimeout: "3s" });
  try {
    // Before any workflow can name them.
    await ensureSearchAttributes(connection, config.TEMPORAL_NAMESPACE, SEARCH_ATTRIBUTES);
    await ensureSchedules(new Client({ connection, namespace: config.TEMPORAL_NAMESPACE }), channelOf(config));
  } finally {
    await connection.close();
  }
}

function channelOf(config: WorkerConfig): ChannelSchedules {
  return {
    broadcasterId: config.TWITCH_BROADCASTER_ID,
    timings: config.TIMINGS,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
  };
}

/** Tries until it works: what is not there yet will come. */
async function until<Result>(
  attempt: () => Promise<Result>,
  tell: (error: unknown) => Promise<void> | void,
): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      await tell(error);
      await delay(RETRY_AFTER_MS);
    }
  }
}

async function tellTemporalFault(config: WorkerConfig, log: Logger, error: unknown): Promise<void> {
  const fault = await temporalFault(config, error);
  if (fault === null) log.warn({ error }, "waiting for Temporal");
  else log.warn({ code: fault.code, reason: fault.reason, remedy: fault.remedy }, "waiting for Temporal");
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error)}\n`);
  process.exit(1);
}
