import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@mgm/activities/db/migrate";
import pg from "pg";
import { freePorts } from "../../temporal/engines/free-port.ts";
import { type Postgres, startPostgres } from "../../temporal/engines/postgres.ts";
import { type Child, endWithUs, startScript, untilItAnswers } from "./child.ts";

/** A PostgreSQL that keeps what it has committed, as in production, with databases of a bench's own. */
export interface BenchDatabases {
  readonly postgres: Postgres;
  /** A migrated, empty database; or a copy of an earlier one. */
  create(name: string, template?: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL on a fresh folder. */
export async function startDatabases(): Promise<BenchDatabases> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-bench-"));
  const postgres = await startPostgres({
    dataDir: join(folder, "postgres"),
    password: "bench",
    durable: true,
    log: () => undefined,
  });
  endWithUs(postgres);
  return {
    postgres,
    async create(name, template) {
      const client = new pg.Client({ connectionString: postgres.url("postgres") });
      await client.connect();
      await client.query(`create database ${name}${template === undefined ? "" : ` template ${template}`}`);
      await client.end();
      const url = postgres.url(name);
      if (template === undefined) await migrate(url);
      return url;
    },
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** One deployment's secrets and whose channel it is. */
export interface Deployment {
  readonly channelId: string;
  readonly extensionSecret: string;
  readonly eventSubSecret: string;
  readonly desktopKey: string;
  /** The environment of its processes. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Makes a deployment up on engines that run. Limits are the contract's unless `settings` say otherwise. */
export function deploymentOn(
  engines: { databaseUrl: string; temporalAddress?: string },
  settings: Readonly<Record<string, string>> = {},
): Deployment {
  const channelId = `b${randomBytes(4).toString("hex")}`;
  const extensionSecret = randomBytes(32).toString("base64");
  const eventSubSecret = randomBytes(16).toString("hex");
  const desktopKey = randomBytes(16).toString("hex");
  return {
    channelId,
    extensionSecret,
    eventSubSecret,
    desktopKey,
    settings: {
      // The usual level: what the log costs is part of every figure.
      LOG_LEVEL: "info",
      METRICS_PORT: "0",
      DATABASE_URL: engines.databaseUrl,
      // Where a bench needs no workflows there is no server at this address, and nothing asks for one.
      TEMPORAL_ADDRESS: engines.temporalAddress ?? "127.0.0.1:9",
      TEMPORAL_TASK_QUEUE: `bench-${channelId}`,
      TWITCH_BROADCASTER_ID: channelId,
      TWITCH_BOT_USER_ID: "bot",
      TWITCH_EVENTSUB_SECRET: eventSubSecret,
      TWITCH_EXTENSION_SECRETS: extensionSecret,
      DESKTOP_API_KEYS: desktopKey,
      ALLOW_CUSTOM_TIMINGS: "true",
      ...settings,
    },
  };
}

/** A process that answers HTTP. */
export interface HttpProcess extends Child {
  readonly url: string;
}

/** Starts an API process and waits until it answers. */
export async function startApiProcess({ settings }: Deployment): Promise<HttpProcess> {
  return await startHttpScript("api/main.ts", settings, "/healthz");
}

/** Starts the bare Koa process. */
export async function startBareKoa(deployment: Deployment, body: string): Promise<HttpProcess> {
  const settings = {
    EXTENSION_SECRET: deployment.extensionSecret,
    EVENTSUB_SECRET: deployment.eventSubSecret,
    BODY: body,
  };
  return await startHttpScript("bench/baseline/bare-koa-main.ts", settings, "/");
}

async function startHttpScript(
  script: string,
  settings: Readonly<Record<string, string>>,
  path: string,
): Promise<HttpProcess> {
  const [port = 0] = await freePorts(1);
  const child = startScript(script, { ...settings, PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(`${url}${path}`);
  return { ...child, url };
}
