import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Environment } from "@mgm/activities/settings";
import type { ApiConfig } from "@mgm/api/config";
import { startTwitchSimulator, type TwitchSimulator } from "@mgm/simulator/twitch/server";
import { demoBot, demoBroadcaster } from "@mgm/simulator/twitch/viewers";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { startPostgres } from "../engines/postgres.ts";
import { startTemporal, type TemporalServer } from "../engines/temporal-server.ts";
import type { CompleteSettings, StartPlan } from "./config.ts";
import { createDatabase } from "./create-database.ts";
import type { Ending } from "./ending.ts";
import { findTemporalProgram } from "./find-temporal.ts";
import { LogFile, logFolderOf } from "./log-files.ts";
import { claimablePort, metricsPorts, preferredPort } from "./ports.ts";
import type { Tell } from "./progress.ts";
import { waitUntilReady } from "./readiness.ts";
import { keepSecrets, type Secrets, secretsFileOf } from "./secrets.ts";
import { startService } from "./service-process.ts";
import { StartError } from "./start-error.ts";
import type { Stops } from "./stops.ts";
import { temporalFileOf } from "./temporal-file.ts";
import { startViewersSide, viewersSidePort } from "./viewers-side.ts";

/*
 * One start, in this order: PostgreSQL, Temporal, the simulated Twitch, worker, API; done when the API says that it is
 * ready. Whatever runs registers its stop at once, so that an end at any moment finds all of it.
 */

const DATABASE = "mgm";
const TEMPORAL_PORT = 7233;
const TEMPORAL_UI_PORT = 8233;
const READY_WITHIN_MS = 120_000;

/** What a start works with. */
export interface StartContext {
  readonly plan: StartPlan;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly ending: Ending;
  readonly stops: Stops;
  readonly tell: Tell;
}

/** Everything is up. */
export interface Running {
  readonly settings: ApiConfig;
  readonly apiUrl: string;
  /** Null where the Temporal server is not ours. */
  readonly webUiUrl: string | null;
  /** Of the API and of the worker. */
  readonly metricsUrls: readonly string[];
  /** Null where the Twitch is not ours. */
  readonly twitch: TwitchSimulator | null;
  /** The page that shows what viewers see; null where Twitch shows it. */
  readonly viewersSideUrl: string | null;
}

/** Brings everything up; null when the run ended meanwhile. */
export async function bringUp(context: StartContext): Promise<Running | null> {
  const { plan, ending, tell } = context;
  const port = await claimablePort(plan.port, plan.host);
  const secrets = openDataFolder(plan.dataDir);
  if (plan.madeUp.length > 0) {
    tell(`${plan.madeUp.join(", ")}: made up and kept in ${shown(secretsFileOf(plan.dataDir))}`);
  }

  // Looking for Temporal is a matter of its own, and of minutes where it must be fetched or built first.
  const program = plan.runsTemporal ? findTemporalProgram(context.environment, ending.signal, tell) : null;
  program?.catch(() => undefined);
  const databaseUrl = plan.runsPostgres ? await bringUpPostgres(context, secrets) : null;
  if (ending.signal.aborted) return null;
  const temporal = program === null ? null : await bringUpTemporal(context, await program);
  if (ending.signal.aborted) return null;

  const viewersPort = plan.simulatesTwitch ? await viewersSidePort() : null;
  const pagesOrigin = viewersPort === null ? null : `http://127.0.0.1:${viewersPort}`;
  const parts = { secrets, port, databaseUrl, temporalAddress: temporal?.address ?? null, pagesOrigin };
  const twitch = plan.simulatesTwitch ? await bringUpTwitch(context, plan.complete({ ...parts, twitch: null })) : null;
  const settings = plan.complete({ ...parts, twitch });
  const metrics = await metricsPorts(settings.api.METRICS_PORT);
  const serviceOf = (metricsPort: number) => ({ ...settings.environment, METRICS_PORT: String(metricsPort) });
  bringUpService(context, "worker", new URL("../worker-main.ts", import.meta.url), serviceOf(metrics.worker));
  bringUpService(context, "api", new URL("../../api/main.ts", import.meta.url), serviceOf(metrics.api));
  const apiUrl = urlOf(settings.api, port);
  if (!(await isReady(context, apiUrl))) return null;
  const running = {
    settings: settings.api,
    apiUrl,
    webUiUrl: temporal?.uiUrl ?? null,
    metricsUrls: [metrics.api, metrics.worker].map((one) => `${urlOf(settings.api, one)}/metrics`),
    twitch,
  };
  if (viewersPort === null || twitch === null) return { ...running, viewersSideUrl: null };
  const log = new LogFile(plan.dataDir, "rig");
  const { dataDir } = plan;
  const viewersSide = await startViewersSide({
    port: viewersPort,
    apiUrl,
    settings: settings.api,
    twitch,
    dataDir,
    log,
  });
  context.stops.add("the viewers' side", () => viewersSide.stop());
  return { ...running, viewersSideUrl: viewersSide.url };
}

function openDataFolder(dataDir: string): Secrets {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return keepSecrets(dataDir);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`Nothing can be kept in ${dataDir} (${code}); DATA_DIR chooses another folder.`, {
      cause: error,
    });
  }
}

async function bringUpPostgres({ plan, ending, stops, tell }: StartContext, secrets: Secrets): Promise<string> {
  const dataDir = join(plan.dataDir, "postgres");
  const log = new LogFile(plan.dataDir, "postgres");
  tell("PostgreSQL: starting");
  const password = secrets.postgresPassword;
  const postgres = await startPostgres({ dataDir, password, durable: true, log: log.write });
  stops.add("PostgreSQL", () => postgres.stop());
  void postgres.ended.then((how) => ending.end(1, `PostgreSQL ended unexpectedly (${how}):\n${log.lastLines()}`));
  await createDatabase(postgres.url("postgres"), DATABASE);
  tell(`PostgreSQL: up on port ${postgres.port}, data in ${shown(dataDir)}`);
  return postgres.url(DATABASE);
}

async function bringUpTemporal(
  { plan, ending, stops, tell }: StartContext,
  binary: string | null,
): Promise<TemporalServer | null> {
  if (binary === null) return null;
  tell("Temporal: starting");
  const log = new LogFile(plan.dataDir, "temporal");
  const temporal = await startTemporal({
    binary,
    port: await preferredPort(TEMPORAL_PORT),
    uiPort: await preferredPort(TEMPORAL_UI_PORT),
    dbFile: temporalFileOf(plan.dataDir),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: plan.namespace,
    log: log.write,
  });
  stops.add("Temporal", () => temporal.stop());
  void temporal.ended.then((how) => ending.end(1, `Temporal ended unexpectedly (${how}):\n${log.lastLines()}`));
  tell(`Temporal: up on ${temporal.address}, Web UI at ${temporal.uiUrl}`);
  return temporal;
}

async function bringUpTwitch({ plan, stops, tell }: StartContext, { api }: CompleteSettings): Promise<TwitchSimulator> {
  const log = new LogFile(plan.dataDir, "twitch");
  const twitch = await startTwitchSimulator({
    broadcasterId: api.TWITCH_BROADCASTER_ID,
    botUserId: api.TWITCH_BOT_USER_ID ?? demoBot.id,
    eventSubSecret: api.TWITCH_EVENTSUB_SECRET,
    extensionSecret: api.TWITCH_EXTENSION_SECRETS[0] ?? "",
    log: log.write,
  });
  stops.add("the Twitch simulator", () => twitch.stop());
  const channel =
    api.TWITCH_BROADCASTER_ID === demoBroadcaster.id
      ? `${demoBroadcaster.displayName} (${demoBroadcaster.id})`
      : api.TWITCH_BROADCASTER_ID;
  tell(`Twitch: simulated on port ${twitch.port}, channel ${channel}`);
  return twitch;
}

function bringUpService(
  { plan, ending, stops }: StartContext,
  name: "worker" | "api",
  program: URL,
  environment: Environment,
): void {
  const log = new LogFile(plan.dataDir, name);
  const service = startService(program, environment, log);
  stops.add(`the ${name}`, () => service.stop());
  void service.ended.then((how) => {
    ending.end(1, `The ${name} ended unexpectedly (${how}); the end of ${shown(log.path)}:\n${log.lastLines()}`);
  });
}

async function isReady({ plan, ending, tell }: StartContext, apiUrl: string): Promise<boolean> {
  tell("worker and API: starting");
  // What Twitch makes of our subscription may take longer than people want to look at a silent terminal.
  const readiness = await waitUntilReady(
    apiUrl,
    ({ postgres, temporal, worker, status }) =>
      status === "ok" || (!plan.simulatesTwitch && [postgres, temporal, worker].every((part) => part === "ok")),
    { withinMs: READY_WITHIN_MS, signal: ending.signal },
  );
  if (ending.signal.aborted) return false;
  if (readiness === null) {
    throw new StartError(`The API does not get ready; the logs in ${shown(logFolderOf(plan.dataDir))} say why.`);
  }
  tell("worker and API: ready");
  if (readiness.eventSub === "down")
    tell("Twitch has not confirmed the chat subscription yet; GET /readyz tells when.");
  return true;
}

/** An address that works from this machine, whatever address we listen on. */
function urlOf({ HOST: host }: ApiConfig, port: number): string {
  const reachable = ["0.0.0.0", "::", ""].includes(host) ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** A path as short as it can be told. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") || short === "" ? path : short;
}
