import { type Database, openDatabase } from "@mgm/activities/db/database";
import { temporalConnection } from "@mgm/activities/settings";
import { lazyTemporalConnection } from "@mgm/activities/temporal-connection";
import type { Tracing } from "@mgm/activities/tracing/tracing";
import {
  checkChatSubscription,
  ensureChatSubscription,
  secretFingerprint,
} from "@mgm/activities/twitch/eventsub-subscriptions";
import { extensionPublisher } from "@mgm/activities/twitch/extension-pubsub";
import { grantsFromSettings, twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { subscriberCheck } from "@mgm/activities/twitch/subscriptions";
import type { TwitchAccess } from "@mgm/activities/twitch/twitch-access";
import { canAskTwitch, SIMULATED } from "@mgm/activities/twitch/twitch-settings";
import { displayNameLookup } from "@mgm/activities/twitch/users";
import { Client } from "@temporalio/client";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { type ApiConfig, desktopKeys, limitSettings } from "./config.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { type EventSubKeeper, eventSubKeeper, unkeptEventSub } from "./eventsub-keeper.ts";
import { grantKeeper } from "./grant-keeper.ts";
import { eventSubHealth, schedulesHealth, temporalHealth, workerBuilds, workerHealth } from "./health.ts";
import { listenHttp } from "./http-server.ts";
import { EXCHANGE_EVERY_MS, RateLimits } from "./limits/rate-limits.ts";
import { ApiMetrics } from "./metrics.ts";
import { serveMetrics } from "./metrics-server.ts";
import { readState } from "./routes/roulette/state.ts";
import { StatePublisher } from "./state-publisher.ts";
import { WorkflowGateway } from "./workflow-gateway.ts";

/** A listening API. */
export interface RunningApi {
  readonly port: number;
  /** Null where the metrics' port was taken. */
  readonly metricsPort: number | null;
  /** Stops taking requests, finishes those that it has, and lets go of everything. */
  stop(): Promise<void>;
}

const DATABASE_LIMITS = { maxConnections: 32, connectTimeoutMs: 2_000, statementTimeoutMs: 2_000 };

/** Wires the API from its configuration and listens. */
export async function startApi(
  config: ApiConfig,
  log: Logger,
  {
    exchangeLimitsEveryMs = EXCHANGE_EVERY_MS,
    tracing = null,
  }: { exchangeLimitsEveryMs?: number; tracing?: Tracing | null } = {},
): Promise<RunningApi> {
  const database = openDatabase(config.DATABASE_URL, DATABASE_LIMITS, (error) =>
    log.warn({ error }, "an idle database connection broke"),
  );
  tracing?.traceDatabase(database);
  const limits = new RateLimits(limitSettings(config), database, log);
  const temporal = lazyTemporalConnection(temporalConnection(config));
  const { connection } = temporal;
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, ...pluginsOf(tracing) });
  const twitch = twitchFromSettings(config);
  const grants = grantsFromSettings(config, { database, access: twitch, log });
  const broadcasterId = config.TWITCH_BROADCASTER_ID;
  const eventSub = keeperFor(config, { database, twitch, log });
  const work = { connection, namespace: config.TEMPORAL_NAMESPACE, taskQueue: config.TEMPORAL_TASK_QUEUE };
  const deps: ApiDependencies = {
    database,
    log,
    workflows: new WorkflowGateway(client, config.TEMPORAL_TASK_QUEUE),
    timings: config.TIMINGS,
    limits,
    channel: { broadcasterId, botUserId: config.TWITCH_BOT_USER_ID ?? null },
    viewerAuth: { servedBroadcasterIds: [broadcasterId], extensionSecrets: config.TWITCH_EXTENSION_SECRETS },
    desktopKeys: desktopKeys(config),
    eventSub,
    eventSubSecret: config.TWITCH_EVENTSUB_SECRET,
    skipSubscriberCheck: config.DEV_SKIP_SUBSCRIBER_CHECK,
    isSubscriber: subscriberCheck(twitch, { getBroadcasterToken: grants.broadcasterToken }),
    displayName: displayNameLookup(twitch),
    health: {
      temporal: temporalHealth(connection, config.TEMPORAL_NAMESPACE),
      worker: workerHealth(work),
      workerBuilds: workerBuilds(work),
      eventSub: eventSubHealth(eventSub, broadcasterId),
      schedules: schedulesHealth(client, broadcasterId),
      missingGrants: grants.missing,
    },
  };
  const metrics = new ApiMetrics(deps);
  const isServedOverTls = config.PUBLIC_URL?.startsWith("https:") ?? false;
  const app = createApp(deps, { allowedOrigins: allowedOrigins(config), isServedOverTls }, metrics, tracing);
  const server = await listenHttp(app.callback(), { port: config.PORT, host: config.HOST });
  const { port } = server;
  log.info({ port }, "the API listens");
  const metricsServer = await serveMetrics(metrics.page, config, log);
  const background = [
    grantKeeper({ validate: () => grants.validate(broadcasterId) }, log),
    ...publisherFor(config, { database, twitch, log }),
    { start: () => limits.start(exchangeLimitsEveryMs), stop: () => limits.stop() },
    eventSub,
  ];
  for (const job of background) job.start();
  const stop = async (): Promise<void> => {
    await Promise.all([server.stop(), eventSub.stop()]);
    await Promise.all(background.map((job) => job.stop()));
    await Promise.all([metricsServer?.stop(), database.end(), temporal.close()]);
  };
  let stopping: Promise<void> | undefined;
  return {
    port,
    metricsPort: metricsServer?.port ?? null,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function pluginsOf(tracing: Tracing | null) {
  return tracing === null ? {} : { plugins: [tracing.plugin] };
}

/** Keeps the chat subscription where there is a Twitch to ask and an address that it can reach. */
function keeperFor(
  config: ApiConfig,
  { database, twitch, log }: { database: Database; twitch: TwitchAccess; log: Logger },
): EventSubKeeper {
  const { PUBLIC_URL: publicUrl, TWITCH_EVENTSUB_SECRET: secret, TWITCH_BROADCASTER_ID: broadcasterId } = config;
  if (!canAskTwitch(twitch.settings) || publicUrl === undefined || secret === "") {
    return unkeptEventSub(config.TWITCH_CLIENT_ID === undefined ? "simulated" : "unconfigured");
  }
  const callbackUrl = `${publicUrl.replace(/\/+$/, "")}/api/twitch/eventsub`;
  return eventSubKeeper({
    database,
    log,
    broadcasterId,
    secretFingerprint: secretFingerprint(secret, broadcasterId),
    ensure: (knownId, deadline) =>
      ensureChatSubscription(twitch, { broadcasterId, callbackUrl, secret, knownId, deadline }),
    check: (id, deadline) => checkChatSubscription(twitch, { broadcasterId, id, deadline }),
  });
}

function allowedOrigins(config: ApiConfig): string[] {
  const extension = config.TWITCH_EXTENSION_CLIENT_ID;
  return [...(extension === undefined ? [] : [`https://${extension}.ext-twitch.tv`]), ...config.ALLOWED_ORIGINS];
}

/** Publishes to the extension's pages where there is an extension, or where its Twitch is simulated. */
function publisherFor(
  config: ApiConfig,
  { database, twitch, log }: { database: Database; twitch: TwitchAccess; log: Logger },
): StatePublisher[] {
  const isSimulated = config.TWITCH_CLIENT_ID === undefined && canAskTwitch(twitch.settings);
  const clientId = config.TWITCH_EXTENSION_CLIENT_ID ?? (isSimulated ? SIMULATED : undefined);
  if (clientId === undefined) return [];
  const broadcasterId = config.TWITCH_BROADCASTER_ID;
  const ownerId = config.TWITCH_EXTENSION_OWNER_ID ?? broadcasterId;
  const publishTo = extensionPublisher(twitch, { clientId, ownerId, secrets: config.TWITCH_EXTENSION_SECRETS });
  const publish = (message: string, deadline: AbortSignal) => publishTo(broadcasterId, message, deadline);
  const look = () => readState(database, config.TIMINGS, broadcasterId);
  return [new StatePublisher({ database, log, broadcasterId, readState: look, publish })];
}
