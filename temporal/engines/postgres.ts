// An embedded PostgreSQL for one machine: the npm package's binaries, started as a process of its own.
//
// The package's own API is not used: it wants a user named postgres when we are root, cannot run below a private
// folder, takes the locale from the environment, and hooks into the exit of our process.
import { resolve } from "node:path";
import { EngineError } from "./engine-error.ts";
import { type EngineProcess, startEngineProcess, waitUntilReady } from "./engine-process.ts";
import { demandFreePort, freePorts, isPortTaken, loopback } from "./free-port.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./postgres-binaries.ts";
import {
  dataFolderArgument,
  isClusterReady,
  postgresEnv,
  postgresStopStages,
  prepareDataFolder,
  rememberLauncher,
  stopLeftoverPostgres,
  superuser,
  userFor,
} from "./postgres-data.ts";
import type { SystemUser } from "./system-user.ts";

const startTimeoutMs = 60_000;
const portAttempts = 5;

/** How to run PostgreSQL. */
export interface PostgresOptions {
  /** Holds the data and nothing else; made when it is not there. Its parent may be private to us. */
  dataDir: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** Set when the data folder is made; later starts must give the same. */
  password: string;
  /** False gives up every guarantee about crashes for speed: for tests. */
  durable: boolean;
  log: (line: string) => void;
  /** Programs of an installed PostgreSQL, in place of those that npm brings. */
  binaries?: PostgresBinaries;
  /** Where copies of the programs may be put when they cannot run where npm installed them. */
  binaryCacheFolders?: readonly string[];
}

/** A running PostgreSQL. */
export interface Postgres {
  /** The connection string of a database there; it does not create the database. */
  url(database: string): string;
  port: number;
  /** The postmaster's process number. */
  pid: number;
  /** Settles when the engine has ended, with the reason. */
  ended: Promise<string>;
  /** Fast shutdown: open sessions are cut off, their transactions rolled back. */
  stop(): Promise<void>;
}

interface Launch {
  dataDir: string;
  binaries: PostgresBinaries;
  user: SystemUser | null;
  deadlineAt: number;
  options: PostgresOptions;
}

function serverArguments(launch: Launch, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: loopback,
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(launch.options.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", dataFolderArgument(launch.dataDir, launch.user), ...flags];
}

async function startOnPort(launch: Launch, port: number): Promise<EngineProcess> {
  const { dataDir, binaries, user, deadlineAt, options } = launch;
  await demandFreePort(port, "PostgreSQL");
  const engine = startEngineProcess({
    name: "PostgreSQL",
    program: binaries.postgres,
    args: serverArguments(launch, port),
    cwd: dataDir,
    env: postgresEnv,
    user,
    log: options.log,
  });
  try {
    await rememberLauncher(dataDir, user);
    await waitUntilReady(engine, "PostgreSQL", deadlineAt, () => isClusterReady(dataDir, engine.pid));
    return engine;
  } catch (error) {
    await engine.stop(postgresStopStages);
    // Somebody may have taken the port since we looked.
    if (error instanceof EngineError && error.code === "start_failed" && (await isPortTaken(port))) {
      throw new EngineError("port_taken", error.message, { port, cause: error });
    }
    throw error;
  }
}

async function startOnAnyPort(launch: Launch): Promise<[EngineProcess, number]> {
  for (let attempt = 1; ; attempt++) {
    const [port = 0] = await freePorts(1);
    try {
      return [await startOnPort(launch, port), port];
    } catch (error) {
      const isWorthAnother = error instanceof EngineError && error.code === "port_taken" && attempt < portAttempts;
      if (!isWorthAnother) throw error;
    }
  }
}

/** Starts PostgreSQL on a data folder, after having ended what a killed launcher left running there; within a minute. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const deadlineAt = Date.now() + startTimeoutMs;
  const dataDir = resolve(options.dataDir);
  await stopLeftoverPostgres(dataDir, options.log);
  if (options.port) await demandFreePort(options.port, "PostgreSQL");
  const user = await userFor(dataDir);
  const binaries = options.binaries ?? (await findPostgresBinaries(user, options.binaryCacheFolders));
  await prepareDataFolder({ ...options, dataDir, binaries, user, deadlineAt });
  const launch: Launch = { dataDir, binaries, user, deadlineAt, options };
  const [engine, port] = options.port
    ? [await startOnPort(launch, options.port), options.port]
    : await startOnAnyPort(launch);
  let stopping: Promise<void> | null = null;
  return {
    url: (database) =>
      `postgres://${superuser}:${encodeURIComponent(options.password)}@${loopback}:${port}/${encodeURIComponent(database)}`,
    port,
    pid: engine.pid,
    ended: engine.ended,
    stop: () => {
      stopping ??= engine.stop(postgresStopStages);
      return stopping;
    },
  };
}
