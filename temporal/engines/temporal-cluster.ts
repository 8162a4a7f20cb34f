// Temporal's production server as a process of its own, with PostgreSQL behind it: the same scripts and settings that
// docker-compose.yml runs in containers.
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Connection, type ConnectionOptions } from "@temporalio/client";
import { ensureDatabases } from "../setup/databases.ts";
import { ensureNamespace } from "../setup/namespace.ts";
import { EngineError } from "./engine-error.ts";
import { type EngineProcess, startEngineProcess, waitUntilReady } from "./engine-process.ts";
import { freePortsBelow, loopback } from "./free-port.ts";
import { runHelper } from "./program-search.ts";
import type { StopStage } from "./running-process.ts";
import { ensureSearchAttributes, type SearchAttributeTypeName } from "./search-attributes.ts";

const startTimeoutMs = 120_000;
const schemaTimeoutMs = 120_000;
const stopStages: readonly StopStage[] = [
  ["SIGTERM", 20_000],
  ["SIGKILL", 5_000],
];

const scriptOf = (name: string) => fileURLToPath(new URL(`../server/${name}`, import.meta.url));

/** The server cannot store a port of its own that is not below this. */
export const clusterPortLimit = 32_768;

/** The roles of the production server that listen, by the prefix of their settings. */
const roles = ["FRONTEND", "MATCHING", "HISTORY", "WORKER", "INTERNAL_FRONTEND"] as const;

/** How to run the production server. */
export interface ClusterOptions {
  /** The folder with its programs. */
  programs: string;
  /** The PostgreSQL server, by a user who may create roles and databases. */
  adminUrl: string;
  /** Its two databases and its role are named after this, so that several fit on one PostgreSQL. */
  name: string;
  /** Holds the secret that its scripts read. */
  folder: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** More settings of the server, such as TEMPORAL_TLS_*. */
  settings?: Readonly<Record<string, string>>;
  /** How to reach it, where that is not plain. */
  connection?: Pick<ConnectionOptions, "tls" | "apiKey">;
  namespace: string;
  searchAttributes: Readonly<Record<string, SearchAttributeTypeName>>;
  log: (line: string) => void;
}

/** A running production server that knows the namespace and its search attributes. */
export interface TemporalCluster {
  address: string;
  /** Its databases, as URLs of the admin: persistence and visibility. */
  databases: readonly string[];
  pid: number;
  /** Settles when the server has ended, with the reason. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Makes databases and schema, starts the server and returns when it answers and knows the namespace. */
export async function startTemporalCluster(options: ClusterOptions): Promise<TemporalCluster> {
  const { adminUrl, name } = options;
  const databases = [name, `${name}_visibility`];
  const password = "only-behind-loopback";
  await ensureDatabases(adminUrl, [{ role: name, password, databases }]);
  await mkdir(options.folder, { recursive: true });
  const passwordFile = join(options.folder, `${name}-password`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  const admin = new URL(adminUrl);
  const environment: Record<string, string> = {
    PATH: [options.programs, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    DB: "postgres12",
    POSTGRES_SEEDS: admin.hostname,
    DB_PORT: admin.port,
    POSTGRES_USER: name,
    POSTGRES_PWD_FILE: passwordFile,
    DBNAME: name,
    VISIBILITY_DBNAME: `${name}_visibility`,
    SQL_MAX_CONNS: "6",
    SQL_MAX_IDLE_CONNS: "6",
    SQL_VIS_MAX_CONNS: "4",
    SQL_VIS_MAX_IDLE_CONNS: "4",
    NUM_HISTORY_SHARDS: "4",
    BIND_ON_IP: loopback,
    LOG_LEVEL: "warn",
    DYNAMIC_CONFIG_FILE_PATH: scriptOf("dynamicconfig.yaml"),
    ...(await chosenPorts(options.port)),
    ...options.settings,
  };
  await updateSchema(environment);
  return await startServer(options, environment);
}

async function chosenPorts(given: number | undefined): Promise<Record<string, string>> {
  const free = await freePortsBelow(clusterPortLimit, 2 * roles.length + 2);
  const ports = Object.fromEntries(
    roles.flatMap((role, index) => [
      [`${role}_GRPC_PORT`, String(free[2 * index])],
      [`${role}_MEMBERSHIP_PORT`, String(free[2 * index + 1])],
    ]),
  );
  return {
    ...ports,
    ...(given ? { FRONTEND_GRPC_PORT: String(given) } : {}),
    FRONTEND_HTTP_PORT: String(free.at(-1)),
    INTERNAL_FRONTEND_HTTP_PORT: String(free.at(-2)),
  };
}

async function updateSchema(env: Record<string, string>): Promise<void> {
  const args = [scriptOf("update-schema.sh")];
  const { isGood, report } = await runHelper({ program: "/bin/sh", args, env, timeoutMs: schemaTimeoutMs });
  if (!isGood) throw new EngineError("start_failed", `the schema of the Temporal server: ${report}`);
}

async function startServer(options: ClusterOptions, env: Record<string, string>): Promise<TemporalCluster> {
  const deadlineAt = Date.now() + startTimeoutMs;
  const args = [scriptOf("start-server.sh")];
  const engine = startEngineProcess({ name: "Temporal server", program: "/bin/sh", args, env, log: options.log });
  const address = `${loopback}:${env.FRONTEND_GRPC_PORT}`;
  const connection = Connection.lazy({ address, ...options.connection });
  try {
    await waitUntilReady(engine, "Temporal server", deadlineAt, () => serves(connection));
    await ensureNamespace(connection, { namespace: options.namespace, retentionDays: 1 });
    await ensureSearchAttributes(connection, options.namespace, options.searchAttributes);
  } catch (error) {
    await engine.stop(stopStages);
    throw error;
  } finally {
    await connection.close();
  }
  return describeCluster(options, engine, address);
}

async function serves(connection: Connection): Promise<boolean> {
  return await connection
    .withDeadline(Date.now() + 2_000, () => connection.workflowService.listNamespaces({ pageSize: 1 }))
    .then(
      () => true,
      () => false,
    );
}

function describeCluster({ adminUrl, name }: ClusterOptions, engine: EngineProcess, address: string): TemporalCluster {
  const urlOf = (database: string) => Object.assign(new URL(adminUrl), { pathname: `/${database}` }).href;
  let stopping: Promise<void> | null = null;
  return {
    address,
    databases: [urlOf(name), urlOf(`${name}_visibility`)],
    pid: engine.pid,
    ended: engine.ended,
    stop: () => {
      stopping ??= engine.stop(stopStages);
      return stopping;
    },
  };
}
