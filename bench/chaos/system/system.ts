import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { pino } from "pino";
import type { Environment } from "../../../activities/settings.ts";
import { twitchFromSettings } from "../../../activities/twitch/from-settings.ts";
import { GrantStore } from "../../../activities/twitch/grants/grant-store.ts";
import { TokenSeal } from "../../../activities/twitch/grants/token-seal.ts";
import type { ApiConfig } from "../../../api/config.ts";
import type { Random } from "../../../simulator/game/random.ts";
import { startTwitchSimulator, type TwitchSimulator } from "../../../simulator/twitch/server.ts";
import { demoBot, demoBroadcaster } from "../../../simulator/twitch/viewers.ts";
import { writeWorkflowBundle } from "../../../temporal/bundle.ts";
import { freePorts } from "../../../temporal/engines/free-port.ts";
import { startPostgres } from "../../../temporal/engines/postgres.ts";
import { findTemporal } from "../../../temporal/engines/temporal-binary.ts";
import { startTemporal } from "../../../temporal/engines/temporal-server.ts";
import { desktopKeyOf, readStartPlan, type StartPlan } from "../../../temporal/start/config.ts";
import { createDatabase } from "../../../temporal/start/create-database.ts";
import { LogFile } from "../../../temporal/start/log-files.ts";
import { waitUntilReady } from "../../../temporal/start/readiness.ts";
import { keepSecrets, type Secrets } from "../../../temporal/start/secrets.ts";
import { SEARCH_ATTRIBUTES } from "../../../workflows/search-attributes.ts";
import type { Ledger } from "../ledger.ts";
import { startBridgeProcess } from "./bridge-process.ts";
import { bundleProgram } from "./bundle-program.ts";
import { type ClockOwner, Clocks } from "./clocks.ts";
import { GameHost } from "./game-host.ts";
import { type Life, Mortal } from "./mortal.ts";
import { NetworkProxy } from "./network-proxy.ts";
import { startProgram } from "./program-process.ts";
import { Streamer } from "./streamer.ts";

/*
 * Everything that `npm start` brings up, by the same launcher's parts, but each process may die and is started again:
 *
 *   PostgreSQL, Temporal ◄── two workers, two APIs ◄──(network)── bridge ──► game   the driver: Twitch, the realm, the streamer
 */

/** The parts that die. */
export const VICTIMS = ["api", "api2", "worker", "worker2", "postgres", "temporal", "bridge", "game"] as const;
export type Victim = (typeof VICTIMS)[number];

/** A system that runs. */
export interface System {
  readonly settings: ApiConfig;
  /** Of each API process; whoever asks takes turns. */
  readonly apiUrls: readonly string[];
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly twitch: TwitchSimulator;
  readonly game: GameHost;
  readonly streamer: Streamer;
  /** Between bridge and API. */
  readonly network: NetworkProxy;
  readonly clocks: Clocks;
  readonly mortals: Readonly<Record<Victim, Mortal>>;
  /** Resolves when all parts are up and the API says so, or the time is over. */
  untilWhole(withinMs: number): Promise<boolean>;
  stop(): Promise<void>;
}

/** What a system is brought up with. */
export interface SystemOptions {
  readonly dataDir: string;
  readonly timings: Readonly<Record<string, number>>;
  readonly ledger: Ledger;
  readonly random: Random;
  /** The environment of the driver. */
  readonly environment: Environment;
  readonly tell: (line: string) => void;
}

const DATABASE = "mgm";
const CLIENT_ID = "our-client";
const GRANTED_FOR_MS = 86_400_000;
const READY_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;
const SILENT = (): void => undefined;

/** Brings it up; resolves when the API says that all is well. */
export async function bringUpSystem(options: SystemOptions): Promise<System> {
  const { dataDir, timings, ledger, random, environment, tell } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const bundle = join(dataDir, "workflows.js");
  await writeWorkflowBundle(bundle);
  const programs = {
    api: await bundleProgram(new URL("../../../api/main.ts", import.meta.url)),
    worker: await bundleProgram(new URL("../../../temporal/worker-main.ts", import.meta.url)),
    bridge: await bundleProgram(new URL("bridge-main.ts", import.meta.url)),
  };
  const [apiPort = 0, api2Port = 0, postgresPort = 0, temporalPort = 0] = await freePorts(4);
  const plan = readStartPlan(
    {
      PATH: environment.PATH,
      HOME: environment.HOME,
      DATA_DIR: dataDir,
      PORT: String(apiPort),
      METRICS_PORT: "0",
      TIMINGS: JSON.stringify(timings),
      LIMIT_DESKTOP: "6000",
      // With an application of its own Twitch is asked who subscribes; where Twitch is, `twitch` says below.
      TWITCH_CLIENT_ID: CLIENT_ID,
      TWITCH_CLIENT_SECRET: "known-to-the-simulator",
      TWITCH_EXTENSION_CLIENT_ID: "our-extension",
      TWITCH_BROADCASTER_ID: demoBroadcaster.id,
      TWITCH_BOT_USER_ID: demoBot.id,
      WORKFLOW_BUNDLE: bundle,
    },
    { once: false, noStory: true, help: false },
  );
  const secrets = keepSecrets(dataDir);
  const logs = new Map<string, LogFile>();
  const logOf = (name: string): LogFile => {
    const log = logs.get(name) ?? new LogFile(dataDir, name);
    logs.set(name, log);
    return log;
  };
  const mortal = (name: Victim, start: () => Promise<Life>, onDied?: (mortal: Mortal) => void): Mortal => {
    const made: Mortal = new Mortal({
      name,
      start,
      log: logOf("driver").write,
      onDied: (how) => {
        if (onDied !== undefined) onDied(made);
        else {
          ledger.write({ kind: "died", process: name, how, at: Date.now() });
          tell(`${name} ended by itself: ${how}`);
        }
        void made.start();
      },
    });
    return made;
  };

  let databaseUrl = "";
  const postgres = mortal("postgres", async () => {
    const life = await launchPostgres({ dataDir, secrets, port: postgresPort, log: logOf("postgres").write });
    databaseUrl = life.url;
    return life;
  });
  const binary = await findTemporal({ env: environment, onProgress: tell });
  const temporal = mortal("temporal", () => launchTemporal(plan, binary, temporalPort, logOf("temporal").write));
  await Promise.all([postgres.start(), temporal.start()]);
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const parts = { secrets, port: apiPort, databaseUrl, temporalAddress };
  const { api: rehearsed } = plan.complete({ ...parts, twitch: null });
  const twitch = await startTwitchSimulator({
    broadcasterId: rehearsed.TWITCH_BROADCASTER_ID,
    botUserId: rehearsed.TWITCH_BOT_USER_ID ?? demoBot.id,
    eventSubSecret: rehearsed.TWITCH_EVENTSUB_SECRET,
    extensionSecret: rehearsed.TWITCH_EXTENSION_SECRETS[0] ?? "",
    log: logOf("twitch").write,
  });
  const { environment: complete, api: settings } = plan.complete({ ...parts, twitch });
  const clocks = new Clocks(dataDir);
  const service = (name: ClockOwner & Victim, program: URL, port = apiPort) => {
    const environment = { ...complete, PORT: String(port), ...clocks.environmentOf(name) };
    return mortal(name, async () => startProgram({ program, environment, log: logOf(name) }));
  };
  const services = {
    api: service("api", programs.api),
    api2: service("api2", programs.api, api2Port),
    worker: service("worker", programs.worker),
    worker2: service("worker2", programs.worker),
  };
  await Promise.all(Object.values(services).map((one) => one.start()));
  const apiUrls = [apiPort, api2Port].map((port) => `http://127.0.0.1:${port}`);
  const areReady = async (withinMs?: number) =>
    (await Promise.all(apiUrls.map((url) => isReady(url, withinMs)))).every(Boolean);
  if (!(await areReady(READY_WITHIN_MS))) throw new Error(`the system does not get ready; ${dataDir}/logs may say why`);
  await letBroadcasterLogIn(settings, twitch);

  const game = await GameHost.open(dataDir, ledger, random);
  const streamer = new Streamer(ledger);
  const network = await NetworkProxy.start(apiPort, api2Port);
  const bridge = mortal("bridge", () =>
    startBridgeProcess({
      program: programs.bridge,
      apiUrl: network.url,
      apiKey: desktopKeyOf(settings) ?? "",
      game,
      dataDir,
      log: logOf("bridge"),
      environment: {
        PATH: environment.PATH ?? "",
        HOME: environment.HOME ?? "",
        ...clocks.environmentOf("bridge"),
      },
      onStarted: (url) => streamer.open(url),
    }),
  );
  const client = mortal("game", () => game.live(), SILENT);
  await Promise.all([bridge.start(), client.start()]);
  const mortals = { ...services, postgres, temporal, bridge, game: client };
  return {
    settings,
    apiUrls,
    databaseUrl,
    temporalAddress,
    twitch,
    game,
    streamer,
    network,
    clocks,
    mortals,
    async untilWhole(withinMs) {
      const until = Date.now() + withinMs;
      while (Date.now() < until) {
        const isUp = Object.values(mortals).every((one) => one.isUp);
        if (isUp && streamer.state !== null && (await areReady())) return true;
        await delay(LOOK_EVERY_MS);
      }
      return false;
    },
    async stop() {
      streamer.stop();
      for (const one of [bridge, client, ...Object.values(services)]) await one.stop();
      await Promise.all([twitch.stop(), network.stop()]);
      for (const one of [temporal, postgres]) await one.stop();
    },
  };
}

/** The broadcaster grants what it takes to ask who subscribes, for longer than a run lasts. */
async function letBroadcasterLogIn(settings: ApiConfig, twitch: TwitchSimulator): Promise<void> {
  const broadcasterId = settings.TWITCH_BROADCASTER_ID;
  const scopes = ["channel:read:subscriptions"];
  const { accessToken, refreshToken } = twitch.tokens.issueUser(CLIENT_ID, broadcasterId, scopes);
  if (refreshToken === null) throw new Error("user tokens can be refreshed");
  const log = pino({ level: "silent" });
  const database = new pg.Pool({ connectionString: settings.DATABASE_URL });
  const seal = new TokenSeal(settings.TOKEN_ENCRYPTION_KEY);
  const store = new GrantStore({ database, access: twitchFromSettings(settings), seal, log });
  const key = { broadcasterId, twitchUserId: broadcasterId };
  await store.put(key, { accessToken, refreshToken, scopes, expiresInMs: GRANTED_FOR_MS });
  await database.end();
}

async function isReady(apiUrl: string, withinMs = 1): Promise<boolean> {
  const { signal } = new AbortController();
  return (await waitUntilReady(apiUrl, ({ status }) => status === "ok", { withinMs, signal })) !== null;
}

async function launchPostgres({
  dataDir,
  secrets,
  port,
  log,
}: {
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly port: number;
  readonly log: LogFile["write"];
}): Promise<Life & { url: string }> {
  const password = secrets.postgresPassword;
  const server = await startPostgres({ dataDir: join(dataDir, "postgres"), port, password, durable: true, log });
  await createDatabase(server.url("postgres"), DATABASE);
  return {
    url: server.url(DATABASE),
    ended: server.ended,
    kill: () => process.kill(server.pid, "SIGKILL"),
    stop: () => server.stop(),
  };
}

async function launchTemporal(plan: StartPlan, binary: string, port: number, log: LogFile["write"]): Promise<Life> {
  const server = await startTemporal({
    binary,
    port,
    uiPort: null,
    dbFile: join(plan.dataDir, "temporal.db"),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: plan.namespace,
    log,
  });
  return { ended: server.ended, kill: () => process.kill(server.pid, "SIGKILL"), stop: () => server.stop() };
}
