import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Database, openDatabase } from "@mgm/activities/db/database";
import { CONTRACT_TIMINGS } from "@mgm/domain/timings";
import { startTwitchSimulator, type TwitchSimulator } from "@mgm/simulator/twitch/server";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { Client, Connection } from "@temporalio/client";
import { writeWorkflowBundle } from "../../temporal/bundle.ts";
import { freePorts } from "../../temporal/engines/free-port.ts";
import { startPostgres } from "../../temporal/engines/postgres.ts";
import { findTemporal } from "../../temporal/engines/temporal-binary.ts";
import { startTemporal } from "../../temporal/engines/temporal-server.ts";
import { createDatabase } from "../../temporal/start/create-database.ts";
import type { MeteredProcesses } from "./meter.ts";

/** The product as it runs on one machine: durable engines, one API, one worker, a simulated Twitch. */
export interface Rig {
  readonly database: Database;
  readonly client: Client;
  readonly twitch: TwitchSimulator;
  readonly apiUrl: string;
  readonly processes: MeteredProcesses;
  readonly temporalMetricsUrl: string;
  stop(): Promise<void>;
}

export const BROADCASTER = "1001";
export const DESKTOP_KEY = "a-key-for-the-bench";
/** So far away that the schedule starts nothing: the bench starts its own cycles. */
export const TIMINGS = {
  ...CONTRACT_TIMINGS,
  intervalMs: 300_000_000_000,
  graceMs: 299_999_000_000,
  wheelMs: 1,
  slackMs: 500,
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SECRET = "a-secret-of-the-bench";
const READY_WITHIN_MS = 120_000;

/** Brings it up; everything that it leaves is gone after `stop`. */
export async function startRig(env: NodeJS.ProcessEnv): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-capacity-"));
  const log = (): void => undefined;
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), password: "bench", durable: true, log });
  const temporal = await startTemporal({
    binary: await findTemporal({ env, onProgress: (line) => process.stderr.write(`${line}\n`) }),
    uiPort: null,
    dbFile: join(folder, "temporal.db"),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: "default",
    log,
  });
  await createDatabase(postgres.url("postgres"), "mgm");
  const extensionSecret = Buffer.from(SECRET).toString("base64");
  const twitch = await startTwitchSimulator({
    broadcasterId: BROADCASTER,
    botUserId: "bot",
    eventSubSecret: SECRET,
    extensionSecret,
  });
  const bundle = join(folder, "workflows.js");
  await writeWorkflowBundle(bundle);
  const [port = 0, apiMetrics = 0] = await freePorts(2);
  const environment = {
    PATH: env.PATH,
    NODE_ENV: "bench",
    LOG_LEVEL: "warn",
    PORT: String(port),
    METRICS_PORT: String(apiMetrics),
    DATABASE_URL: postgres.url("mgm"),
    TEMPORAL_ADDRESS: temporal.address,
    WORKFLOW_BUNDLE: bundle,
    TWITCH_BROADCASTER_ID: BROADCASTER,
    TWITCH_BOT_USER_ID: "bot",
    TWITCH_HELIX_URL: twitch.helixUrl,
    TWITCH_AUTH_URL: twitch.authUrl,
    TWITCH_EVENTSUB_SECRET: SECRET,
    TWITCH_EXTENSION_SECRETS: extensionSecret,
    DESKTOP_API_KEYS: DESKTOP_KEY,
    LIMIT_DESKTOP: "1000000",
    DEV_SKIP_SUBSCRIBER_CHECK: "true",
    TIMINGS: JSON.stringify(TIMINGS),
  };
  const start = (script: string): ChildProcess =>
    spawn(process.execPath, ["--import", "tsx", script], { cwd: ROOT, env: environment, stdio: "inherit" });
  const worker = start("temporal/worker-main.ts");
  const api = start("api/main.ts");
  const apiUrl = `http://127.0.0.1:${port}`;
  await untilReady(apiUrl);
  const connection = await Connection.connect({ address: temporal.address });
  const limits = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(postgres.url("mgm"), limits, () => undefined);
  return {
    database,
    client: new Client({ connection }),
    twitch,
    apiUrl,
    processes: { api: api.pid ?? 0, worker: worker.pid ?? 0, postgres: postgres.pid, temporal: temporal.pid },
    temporalMetricsUrl: temporal.metricsUrl,
    async stop() {
      await Promise.all([database.end(), connection.close()]);
      for (const child of [api, worker]) child.kill("SIGTERM");
      await Promise.all([api, worker].map((child) => child.exitCode ?? once(child, "exit")));
      await Promise.all([postgres.stop(), temporal.stop(), twitch.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(apiUrl: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const ready = await fetch(`${apiUrl}/readyz`)
      .then((response) => response.json() as Promise<{ worker: string }>)
      .catch(() => null);
    if (ready?.worker === "ok") return;
    if (Date.now() > until) throw new Error("API and worker did not come up");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
