import { createServer, type Server } from "node:http";
import { type Database, openDatabase } from "@mgm/activities/db/database";
import { temporalConnection } from "@mgm/activities/settings";
import { checkChatSubscription, ensureChatSubscription } from "@mgm/activities/twitch/eventsub-subscriptions";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { subscriberCheck } from "@mgm/activities/twitch/subscriptions";
import type { TwitchAccess } from "@mgm/activities/twitch/twitch-access";
import { canAskTwitch } from "@mgm/activities/twitch/twitch-settings";
import { displayNameLookup } from "@mgm/activities/twitch/users";
import { Client, Connection } from "@temporalio/client";
import type { Logger } from "pino";
import { createApp } from "./app.ts";
import { type ApiConfig, desktopKeys, limitSettings } from "./config.ts";
import { type EventSubKeeper, eventSubKeeper, unkeptEventSub } from "./eventsub-keeper.ts";
import { eventSubHealth, temporalHealth, workerHealth } from "./health.ts";
import { EXCHANGE_EVERY_MS, RateLimits } from "./limits/rate-limits.ts";
import { WorkflowGateway } from "./workflow-gateway.ts";

/** A listening API. */
export interface RunningApi {
  readonly port: number;
  /** Stops taking requests, finishes those that it has, and lets go of everything. */
  stop(): Promise<void>;
}

const DATABASE_LIMITS = { maxConnections: 32, connectTimeoutMs: 2_000, statementTimeoutMs: 2_000 };

/** Wires the API from its configuration and listens. */
export async function startApi(
  config: ApiConfig,
  log: Logger,
  exchangeLimitsEveryMs = EXCHANGE_EVERY_MS,
): Promise<RunningApi> {
  const database = openDatabase(config.DATABASE_URL, DATABASE_LIMITS, (error) =>
    log.warn({ error }, "an idle database connection broke"),
  );
  const limits = new RateLimits(limitSettings(config), database, log);
  const connection = Connection.lazy(temporalConnection(config));
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const twitch = twitchFromSettings(config);
  const broadcasterId = config.TWITCH_BROADCASTER_ID;
  const eventSub = keeperFor(config, { database, twitch, log });
  const app = createApp(
    {
      database,
      log,
      workflows: new WorkflowGateway(client, config.TEMPORAL_TASK_QUEUE),
      timings: config.TIMINGS,
      limits,
      channel: { broadcasterId, botUserId: config.TWITCH_BOT_USER_ID ?? null },
      viewerAuth: { broadcasterId, extensionSecrets: config.TWITCH_EXTENSION_SECRETS },
      desktopKeys: desktopKeys(config),
      eventSub,
      eventSubSecret: config.TWITCH_EVENTSUB_SECRET,
      skipSubscriberCheck: config.DEV_SKIP_SUBSCRIBER_CHECK,
      isSubscriber: subscriberCheck(twitch, { getBroadcasterToken: async () => null }),
      displayName: displayNameLookup(twitch),
      health: {
        temporal: temporalHealth(connection, config.TEMPORAL_NAMESPACE),
        worker: workerHealth(connection, config.TEMPORAL_NAMESPACE, config.TEMPORAL_TASK_QUEUE),
        eventSub: eventSubHealth(eventSub),
        missingGrants: () => [],
      },
    },
    allowedOrigins(config),
  );
  const server = createServer(app.callback());
  await listen(server, config.PORT, config.HOST);
  limits.start(exchangeLimitsEveryMs);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.PORT;
  log.info({ port }, "the API listens");
  eventSub.start();
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    await Promise.all([eventSub.stop(), closed]);
    await limits.stop();
    await Promise.all([database.end(), connection.close()]);
  };
  let stopping: Promise<void> | undefined;
  return {
    port,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
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
    ensure: (deadline) => ensureChatSubscription(twitch, { callbackUrl, secret, deadline }),
    check: (id, deadline) => checkChatSubscription(twitch, { id, deadline }),
  });
}

function allowedOrigins(config: ApiConfig): string[] {
  const extension = config.TWITCH_EXTENSION_CLIENT_ID;
  return [...(extension === undefined ? [] : [`https://${extension}.ext-twitch.tv`]), ...config.ALLOWED_ORIGINS];
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}
