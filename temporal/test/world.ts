import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { ReconcileReport } from "@mgm/activities/contract";
import { type Database, openDatabase } from "@mgm/activities/db/database";
import { createLog } from "@mgm/activities/log";
import { lazyTemporalConnection } from "@mgm/activities/temporal-connection";
import { chatPoster } from "@mgm/activities/twitch/announcer";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { readApiConfig } from "@mgm/api/config";
import { type RunningApi, startApi } from "@mgm/api/server";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import { CONTRACT_TIMINGS, type Timings } from "@mgm/domain/timings";
import type { RouletteStateDto } from "@mgm/domain/wire";
import type { EventSubSender } from "@mgm/simulator/twitch/eventsub";
import { type ExtensionUser, extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { startTwitchSimulator, type TwitchSimulator } from "@mgm/simulator/twitch/server";
import { badges, type Viewer } from "@mgm/simulator/twitch/viewers";
import { payoutWorkflowId, spinCycleWorkflowId } from "@mgm/workflows/ids";
import { RECONCILE_WORKFLOW } from "@mgm/workflows/reconcile/messages";
import { SPIN_CYCLE_WORKFLOW, type SpinCycleInput } from "@mgm/workflows/spin/messages";
import { Client } from "@temporalio/client";
import { NativeConnection } from "@temporalio/worker";
import { pino } from "pino";
import { createWorker } from "../worker.ts";
import { undeclared } from "./conformance.ts";
import { cloneDatabase, engines } from "./engines.ts";
import { registerSecrets } from "./log-secrets.ts";
import "./quiet-runtime.ts";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  // Tests look into bodies of every shape; their assertions are the check.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
  readonly headers: Headers;
}

/** How a world differs from the usual one. */
export interface WorldOptions {
  readonly timings?: Partial<Timings>;
  readonly settings?: Record<string, string>;
  /** Without a worker nothing acts on messages until `startWorker` is called. */
  readonly worker?: boolean;
  /** Engines that the test may stop; default the run's own. `databaseUrl` is migrated already. */
  readonly engines?: { readonly databaseUrl: string; readonly temporalAddress: string };
  /** Another channel in the database, before the Twitch and with the worker of this world, which must outlive it. */
  readonly beside?: World;
  /** Where the API is, when the test runs it in processes of its own. */
  readonly apiUrl?: string;
  /** The key of the channel's desktop, where the settings hold other channels' keys too. */
  readonly desktopKey?: string;
}

/**
 * Years long: a boundary that a test draws at cannot pass while it runs, and each number of milliseconds on top of it
 * gives another boundary, so that one world can hold many cycles.
 */
export const ENDLESS_INTERVAL_MS = 300_000_000_000;

/** Timings under which nothing ends by itself while a test looks at it. */
export const ENDLESS: Timings = {
  ...CONTRACT_TIMINGS,
  intervalMs: ENDLESS_INTERVAL_MS,
  wheelMs: 1,
  graceMs: ENDLESS_INTERVAL_MS - 10_000,
  slackMs: 500,
};

/** The whole product on real engines, for one test file: own database, own channel, own task queue. */
export interface World {
  readonly broadcasterId: string;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly client: Client;
  readonly twitch: TwitchSimulator;
  readonly chat: EventSubSender;
  readonly taskQueue: string;
  readonly timings: Timings;
  readonly apiUrl: string;
  /** Of the API that the world's own requests go to. */
  readonly metricsUrl: string;
  readonly environment: Record<string, string>;
  readonly desktopKey: string;
  get(path: string, token?: string): Promise<Answer>;
  post(path: string, body: unknown, token: string): Promise<Answer>;
  /** A request of a desktop. */
  desktop(method: string, path: string, body?: unknown, options?: { id?: string; key?: string }): Promise<Answer>;
  token(user: ExtensionUser, claims?: Record<string, unknown>): Promise<string>;
  state(): Promise<RouletteStateDto>;
  /** Lets a subscriber type a line in chat; fails unless it is answered 200. */
  say(viewer: Pick<Viewer, "id" | "displayName">, text: string): Promise<string>;
  /** Starts the cycle of a boundary that has passed; each `variant` has another one. */
  spin(
    variant?: number,
    timings?: Partial<Timings>,
  ): Promise<{ workflowId: string; spinCycleId: string; candidate: string | null }>;
  /** One viewer enrolled, drawn and seen online: an active payout. */
  win(variant?: number, name?: string, timings?: Partial<Timings>): Promise<Won>;
  /** One run of the reconcile job that leaves nothing alone for being young. */
  reconcile(): Promise<ReconcileReport>;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  /** Another API process of the same deployment. */
  startApi(settings?: Record<string, string>): Promise<RunningApi>;
  /** Ends the process that the world's own requests go to. */
  stopFirstApi(): Promise<void>;
  stop(): Promise<void>;
}

/** A fresh payout and who won it. */
export interface Won {
  readonly payoutId: string;
  readonly spinCycleId: string;
  readonly twitchUserId: string;
  readonly characterName: string;
}

/** Brings a world up; stop it when the file is done. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { bundleFile } = engines();
  const { beside } = options;
  const temporalAddress = options.engines?.temporalAddress ?? engines().temporalAddress;
  const keptUrl = options.engines?.databaseUrl ?? beside?.databaseUrl;
  const cloned = keptUrl === undefined ? await cloneDatabase() : { url: keptUrl, drop: async () => undefined };
  const broadcasterId = `b${randomBytes(6).toString("hex")}`;
  const taskQueue = beside?.taskQueue ?? `test-${broadcasterId}`;
  const extensionSecret = beside?.environment.TWITCH_EXTENSION_SECRETS ?? randomBytes(32).toString("base64");
  const eventSubSecret = beside?.environment.TWITCH_EVENTSUB_SECRET ?? randomBytes(16).toString("hex");
  const desktopKey = options.desktopKey ?? randomBytes(16).toString("hex");
  const timings: Timings = { ...ENDLESS, ...options.timings };
  const { logFolder } = engines();
  const logFile = pino.destination({ dest: join(logFolder, `${broadcasterId}.log`), sync: true });
  const log = createLog("test", "trace", logFile);
  const twitch =
    beside?.twitch ??
    (await startTwitchSimulator({ broadcasterId, botUserId: "bot", eventSubSecret, extensionSecret }));
  if (beside !== undefined) twitch.addChannel(broadcasterId);
  const environment: Record<string, string> = {
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    PORT: "0",
    METRICS_PORT: "0",
    DATABASE_URL: cloned.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: taskQueue,
    TWITCH_BROADCASTER_ID: broadcasterId,
    TWITCH_BOT_USER_ID: "bot",
    TWITCH_HELIX_URL: twitch.helixUrl,
    TWITCH_AUTH_URL: twitch.authUrl,
    TWITCH_EVENTSUB_SECRET: eventSubSecret,
    TWITCH_EXTENSION_SECRETS: extensionSecret,
    DESKTOP_API_KEYS: desktopKey,
    LIMIT_DESKTOP: "100000",
    DEV_SKIP_SUBSCRIBER_CHECK: "true",
    TIMINGS: JSON.stringify(timings),
    ...options.settings,
  };
  registerSecrets(logFolder, secretsOf(environment));
  const config = readApiConfig(environment);
  const startAnotherApi = (settings: Record<string, string> = {}) => {
    registerSecrets(logFolder, secretsOf(settings));
    return startApi(readApiConfig({ ...environment, ...settings }), log);
  };
  const api = options.apiUrl === undefined ? await startAnotherApi() : null;
  const apiUrl = options.apiUrl ?? `http://127.0.0.1:${api?.port}`;
  const temporal = lazyTemporalConnection({ address: temporalAddress });
  await temporal.connection.ensureConnected();
  const client = new Client({ connection: temporal.connection });
  const database = openDatabase(
    cloned.url,
    // The test's own eyes: on a busy machine they may take their time, and see all the same.
    { maxConnections: 8, connectTimeoutMs: 30_000, statementTimeoutMs: 30_000 },
    () => undefined,
  );
  const chat = twitch.events(`${apiUrl}/api/twitch/eventsub`, broadcasterId);
  const apis = api === null ? [] : [api];

  const call = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === "" ? null : JSON.parse(text);
    const fault = undeclared(method, path, response.status, answer);
    if (fault !== null) throw new Error(`an answer that no route declares: ${fault}`);
    return { status: response.status, headers: response.headers, body: answer };
  };

  let running: { stop(): Promise<void> } | null = null;
  const post = chatPoster(twitchFromSettings(config));

  const world: World = {
    broadcasterId,
    database,
    databaseUrl: cloned.url,
    client,
    twitch,
    chat,
    taskQueue,
    timings,
    apiUrl,
    metricsUrl: `http://127.0.0.1:${api?.metricsPort}/metrics`,
    environment,
    desktopKey,
    get: (path, token) => call("GET", path, token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    post: (path, body, token) => call("POST", path, { Authorization: `Bearer ${token}` }, body),
    desktop: (method, path, body, { id, key = desktopKey } = {}) =>
      call(method, path, { "X-MGM-ApiKey": key, ...(id === undefined ? {} : { "X-MGM-Desktop": id }) }, body),
    token: (user, claims) =>
      extensionJwt(user, { secret: extensionSecret, channelId: broadcasterId, claims: claims ?? {} }),
    async state() {
      const token = await world.token({ role: "viewer", userId: `looker-${randomUUID()}` });
      return (await world.get("/api/roulette/state", token)).body;
    },
    async say(viewer, text) {
      const messageId = randomUUID();
      const chatter = { id: viewer.id, login: viewer.id, displayName: viewer.displayName };
      const { status } = await chat.say({ chatter, text, badges: [badges.subscriber(3)], messageId });
      if (status !== 200) throw new Error(`the webhook answered ${status}`);
      return messageId;
    },
    async spin(variant = 0, changed = {}) {
      const spun = { ...timings, intervalMs: timings.intervalMs + variant, ...changed };
      const boundary = boundaryAt(Date.now(), spun.intervalMs);
      const workflowId = spinCycleWorkflowId(broadcasterId, boundary);
      const input: SpinCycleInput = { broadcasterId, timings: spun, boundary };
      await client.workflow.start(SPIN_CYCLE_WORKFLOW, { workflowId, taskQueue, args: [input] });
      const row = await eventually(async () => {
        const found = await database.query<{ spin_cycle_id: string; candidate_name: string | null }>(
          "select spin_cycle_id, candidate_name from spin_cycles where workflow_id = $1",
          [workflowId],
        );
        return found.rows[0] ?? null;
      });
      return { workflowId, spinCycleId: row.spin_cycle_id, candidate: row.candidate_name };
    },
    async win(variant = 0, name = randomName(), changed = {}) {
      const twitchUserId = `u${randomBytes(5).toString("hex")}`;
      await world.say({ id: twitchUserId, displayName: `Viewer ${name}` }, `!twgold ${name}`);
      const { spinCycleId, candidate } = await world.spin(variant, changed);
      if (candidate !== name) throw new Error(`drawn ${candidate}, not ${name}: the pool was not empty`);
      const tell = () => world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, name, true));
      // As a desktop does it on a busy machine: it reports again.
      const { status, body } = await eventually(async () => {
        const answer = await tell();
        return answer.status !== 503 && answer;
      });
      if (status !== 200) throw new Error(`the report was answered ${status} ${body?.code}`);
      // The cycle starts the payout's workflow after it has answered; tests that reach for it must find it.
      const started = client.workflow.getHandle(payoutWorkflowId(body.payoutId));
      await eventually(() => started.describe().catch(() => null));
      return { payoutId: body.payoutId, spinCycleId, twitchUserId, characterName: name };
    },
    reconcile: () =>
      client.workflow.execute(RECONCILE_WORKFLOW, {
        workflowId: `reconcile-${randomUUID()}`,
        taskQueue,
        args: [{ broadcasterId, settleAfterMs: -60_000 }],
      }),
    async startWorker() {
      const native = await NativeConnection.connect({ address: temporalAddress });
      const parts = {
        connection: native,
        client,
        namespace: "default",
        taskQueue,
        databaseUrl: cloned.url,
        bundleFile,
        log,
      };
      const { worker, shutdown, close } = await createWorker({ ...parts, postToChat: post, settings: config });
      const done = worker.run();
      running = {
        async stop() {
          shutdown();
          await done;
          await close();
          await native.close();
        },
      };
    },
    async stopWorker() {
      await running?.stop();
      running = null;
    },
    async startApi(settings) {
      const another = await startAnotherApi(settings);
      apis.push(another);
      return another;
    },
    stopFirstApi: async () => api?.stop(),
    async stop() {
      await world.stopWorker();
      await Promise.all(apis.map((one) => one.stop()));
      await Promise.all([database.end(), temporal.close(), ...(beside === undefined ? [twitch.stop()] : [])]);
      await cloned.drop();
    },
  };
  if (options.worker !== false && beside === undefined) await world.startWorker();
  return world;
}

/** The secrets among settings: none of them may ever stand in a log. */
function secretsOf(settings: Readonly<Record<string, string>>): string[] {
  const named = ["TWITCH_EVENTSUB_SECRET", "TWITCH_EXTENSION_SECRETS", "TWITCH_CLIENT_SECRET", "TOKEN_ENCRYPTION_KEY"];
  const keys = (settings.DESKTOP_API_KEYS ?? "").split(",").map((key) => key.slice(key.indexOf(":") + 1));
  const { password } = new URL(settings.DATABASE_URL ?? "none:");
  return [...named.flatMap((name) => (settings[name] ?? "").split(",")), ...keys, password];
}

/** The body of a /who report. */
export function report(spinCycleId: string, characterName: string, online: boolean) {
  return { schemaVersion: 1, spinCycleId, characterName, online, capturedAt: new Date().toISOString() };
}

/** A canonical name that nobody else has. */
export function randomName(): string {
  const letters = Array.from(randomBytes(9), (byte) => String.fromCharCode(97 + (byte % 26))).join("");
  return `Q${letters}`;
}

/** Beyond all that a killed worker may cost: a task time-out and a sticky queue that nobody serves, 10 s each. */
const EVENTUALLY_MS = 60_000;
const LOOK_EVERY_MS = 20;

/** Looks until there is something to see; fails when it takes too long. */
export async function eventually<Seen>(look: () => Promise<Seen | null | undefined | false>): Promise<Seen> {
  const until = Date.now() + EVENTUALLY_MS;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    if (Date.now() > until) throw new Error("it did not come to pass");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
