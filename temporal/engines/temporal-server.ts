// A Temporal development server for one machine, started as a process of its own.
import { mkdirSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, resolve } from "node:path";
import { Connection, isGrpcServiceError } from "@temporalio/client";
import { EngineError } from "./engine-error.ts";
import { type EngineProcess, startEngineProcess, waitUntilReady } from "./engine-process.ts";
import { demandFreePort, freePorts, isPortTaken, loopback } from "./free-port.ts";
import { describeProcess, type RunningProcess, type StopStage, stopForeignProcess } from "./running-process.ts";
import { ensureSearchAttributes, type SearchAttributeTypeName } from "./search-attributes.ts";

const startTimeoutMs = 60_000;
const portAttempts = 3;
const stopStages: readonly StopStage[] = [
  ["SIGTERM", 15_000],
  ["SIGKILL", 5_000],
];

/** How to run the Temporal development server. */
export interface TemporalOptions {
  /** The `temporal` program. */
  binary: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** Absent: any free port; null: no Web UI. */
  uiPort?: number | null;
  /** Where the server keeps its state; null: in its memory. */
  dbFile: string | null;
  searchAttributes: Readonly<Record<string, SearchAttributeTypeName>>;
  /** Made when it is not there. */
  namespace: string;
  log: (line: string) => void;
}

/** A running Temporal server that knows the namespace and its search attributes. */
export interface TemporalServer {
  address: string;
  /** What the server counts about itself, for Prometheus. */
  metricsUrl: string;
  uiUrl: string | null;
  /** The server's process number. */
  pid: number;
  /** Settles when the engine has ended, with the reason. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

interface Ports {
  frontend: number;
  ui: number | null;
  http: number;
  metrics: number;
}

const pidFileOf = (dbFile: string) => `${dbFile}.pid`;

interface RunningServer {
  readonly process: RunningProcess;
  readonly launcherPid: number;
  readonly port: number;
}

/** The server that runs on this file, whoever started it. */
async function findServer(dbFile: string): Promise<RunningServer | null> {
  const text = await readFile(pidFileOf(dbFile), "utf8").catch(() => "");
  const [pid = 0, launcherPid = 0, port = 0] = text.split("\n").map(Number);
  const found = await describeProcess(pid);
  // The number may belong to an innocent process by now.
  if (!found?.command.includes("start-dev") || !found.command.includes(` --db-filename=${dbFile} `)) return null;
  return { process: found, launcherPid, port };
}

/** The address of the server that runs on this file; null when none does. */
export async function temporalAddressOn(givenDbFile: string): Promise<string | null> {
  const found = await findServer(resolve(givenDbFile));
  return found === null ? null : `${loopback}:${found.port}`;
}

/** Ends what a killed launcher left running on this file; fails with `already_running` when it is not killed. */
async function stopLeftover(dbFile: string, log: (line: string) => void): Promise<void> {
  const found = await findServer(dbFile);
  if (found !== null) {
    const { pid, parentPid } = found.process;
    // An orphan gets another parent, so a parent that is still the launcher is alive.
    if (parentPid === found.launcherPid) {
      const who = `process ${parentPid} runs Temporal (process ${pid}) on it`;
      throw new EngineError("already_running", `the file ${dbFile} is in use: ${who}`);
    }
    log(`stopping Temporal (process ${pid}), left over on ${dbFile}`);
    await stopForeignProcess(pid, stopStages);
  }
  await rm(pidFileOf(dbFile), { force: true });
}

function serverArguments(options: TemporalOptions, dbFile: string | null, ports: Ports): string[] {
  const flags: Record<string, string | number> = {
    ip: loopback,
    port: ports.frontend,
    "http-port": ports.http,
    "metrics-port": ports.metrics,
    namespace: options.namespace,
    "log-level": "warn",
    ...(ports.ui === null ? {} : { "ui-port": ports.ui }),
    ...(dbFile === null ? {} : { "db-filename": dbFile }),
  };
  // One partition instead of four: a task never waits in a partition that nobody polls at the moment.
  const dynamicConfig = ["matching.numTaskqueueReadPartitions=1", "matching.numTaskqueueWritePartitions=1"];
  return [
    "server",
    "start-dev",
    ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ...dynamicConfig.map((setting) => `--dynamic-config-value=${setting}`),
    ...(ports.ui === null ? ["--headless"] : []),
  ];
}

function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, loopback);
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function knowsNamespace(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + 2_000, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch (error) {
    // Not made yet, or not answering yet: the caller asks again until its deadline.
    if (isGrpcServiceError(error)) return false;
    throw error;
  }
}

async function demandPorts(ports: readonly (number | null)[]): Promise<void> {
  for (const port of ports) {
    if (port !== null) await demandFreePort(port, "Temporal");
  }
}

async function startOnPorts(options: TemporalOptions, dbFile: string | null, ports: Ports): Promise<EngineProcess> {
  const deadlineAt = Date.now() + startTimeoutMs;
  const engine = startEngineProcess({
    name: "Temporal",
    program: options.binary,
    args: serverArguments(options, dbFile, ports),
    env: { TZ: "UTC" },
    log: options.log,
  });
  // At once and without a pause, so that no launcher can be killed between the two.
  if (dbFile !== null) writeFileSync(pidFileOf(dbFile), `${engine.pid}\n${process.pid}\n${ports.frontend}\n`);
  const connection = Connection.lazy({ address: `${loopback}:${ports.frontend}` });
  try {
    // A refused gRPC connection waits a second before it tries again, a socket need not.
    await waitUntilReady(engine, "Temporal", deadlineAt, () => acceptsConnections(ports.frontend));
    await waitUntilReady(engine, "Temporal", deadlineAt, () => knowsNamespace(connection, options.namespace));
    await ensureSearchAttributes(connection, options.namespace, options.searchAttributes);
    return engine;
  } catch (error) {
    await stopAndForget(engine, dbFile);
    if (error instanceof EngineError && error.code === "start_failed") {
      // Somebody may have taken a port since we looked.
      for (const port of [ports.frontend, ports.ui]) {
        if (port === null || !(await isPortTaken(port))) continue;
        throw new EngineError("port_taken", error.message, { port, cause: error });
      }
    }
    throw error;
  } finally {
    await connection.close();
  }
}

async function stopAndForget(engine: EngineProcess, dbFile: string | null): Promise<void> {
  await engine.stop(stopStages);
  if (dbFile !== null) await rm(pidFileOf(dbFile), { force: true });
}

async function choosePorts(options: TemporalOptions): Promise<Ports> {
  const [frontend = 0, ui = 0, http = 0, metrics = 0] = await freePorts(4);
  return {
    frontend: options.port || frontend,
    ui: options.uiPort === null ? null : options.uiPort || ui,
    http,
    metrics,
  };
}

/**
 * Starts a Temporal server, after having ended what a killed launcher left running on the same file, and returns when
 * it answers and knows the namespace with its search attributes; within a minute.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const dbFile = options.dbFile === null ? null : resolve(options.dbFile);
  if (dbFile !== null) {
    mkdirSync(dirname(dbFile), { recursive: true });
    await stopLeftover(dbFile, options.log);
  }
  for (let attempt = 1; ; attempt++) {
    await demandPorts([options.port || null, options.uiPort || null]);
    const ports = await choosePorts(options);
    try {
      const engine = await startOnPorts(options, dbFile, ports);
      return describeServer(engine, dbFile, ports);
    } catch (error) {
      // A given port that is taken stays so; a chosen one can be chosen anew.
      const isOurChoice = error instanceof EngineError && ![options.port, options.uiPort].includes(error.port);
      const isWorthAnother = isOurChoice && error.code === "port_taken" && attempt < portAttempts;
      if (!isWorthAnother) throw error;
    }
  }
}

function describeServer(engine: EngineProcess, dbFile: string | null, ports: Ports): TemporalServer {
  let stopping: Promise<void> | null = null;
  return {
    address: `${loopback}:${ports.frontend}`,
    metricsUrl: `http://${loopback}:${ports.metrics}/metrics`,
    uiUrl: ports.ui === null ? null : `http://${loopback}:${ports.ui}`,
    pid: engine.pid,
    ended: engine.ended,
    stop: () => {
      stopping ??= stopAndForget(engine, dbFile);
      return stopping;
    },
  };
}
