import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Koa, { type Middleware } from "koa";
import { authRoutes, DeviceGrants } from "./auth-routes.ts";
import { type EventSubSender, eventSubSender } from "./eventsub.ts";
import { eventSubRoutes } from "./eventsub-routes.ts";
import { EventSubStore } from "./eventsub-store.ts";
import { FaultQueue, injectFaults } from "./faults.ts";
import { type ChatLog, helixRoutes } from "./helix-routes.ts";
import { idSource } from "./ids.ts";
import { People } from "./people.ts";
import { type PubSubMessage, pubSubRoutes } from "./pubsub-routes.ts";
import { RecordLog } from "./record-log.ts";
import { answerRefusals } from "./refusal.ts";
import { readBody } from "./request-body.ts";
import { TokenStore } from "./tokens.ts";
import { demoBot, demoBroadcaster, viewers } from "./viewers.ts";

/** What a simulated Twitch is made of. */
export type TwitchSimulatorOptions = {
  /** Default: any free one. */
  port?: number;
  broadcasterId: string;
  botUserId: string;
  eventSubSecret: string;
  /** Standard base64, as the developer console shows it. */
  extensionSecret: string;
  /** Makes all ids a function of it; leave it out where a database outlives the simulator. */
  seed?: string;
  /** Subscriptions per page of a list. */
  pageSize?: number;
  log?: (line: string) => void;
};

/** A running simulator: the addresses to configure, what came in, and what shall go wrong. */
export type TwitchSimulator = {
  helixUrl: string;
  authUrl: string;
  port: number;
  chat: ChatLog;
  pubSub: RecordLog<PubSubMessage>;
  faults: FaultQueue;
  people: People;
  tokens: TokenStore;
  devices: DeviceGrants;
  subscriptions: EventSubStore;
  /** Lets the bot into one more channel. */
  addChannel(broadcasterId: string): void;
  /** A sender of a channel's signed EventSub messages to this callback, whether or not it subscribed. */
  events(callbackUrl: string, channel?: string): EventSubSender;
  stop(): Promise<void>;
};

/** Starts a Twitch of our own on 127.0.0.1. */
export async function startTwitchSimulator(options: TwitchSimulatorOptions): Promise<TwitchSimulator> {
  const { broadcasterId, botUserId, eventSubSecret: secret, extensionSecret, pageSize = 100, log } = options;
  const newId = idSource(options.seed);
  const chat: ChatLog = new RecordLog();
  const pubSub = new RecordLog<PubSubMessage>();
  const faults = new FaultQueue();
  const people = new People(broadcasterId);
  const channels = new Set([broadcasterId]);
  const tokens = new TokenStore(newId);
  const devices = new DeviceGrants();
  const subscriptions = new EventSubStore(newId);
  for (const person of viewers) people.add(person);
  people.add({ ...demoBroadcaster, id: broadcasterId });
  people.add({ ...demoBot, id: botUserId });

  const app = new Koa();
  app.on("error", (error: Error) => log?.(`twitch simulator: ${error.message}`));
  app.use(readBody);
  app.use(logRequests(log));
  app.use(rateLimitHeaders);
  app.use(injectFaults(faults));
  app.use(answerRefusals);
  app.use(helixRoutes({ channels, botUserId, tokens, people, chat, newId }).routes());
  app.use(eventSubRoutes({ tokens, store: subscriptions, pageSize }).routes());
  app.use(pubSubRoutes({ extensionSecret, pubSub }).routes());
  app.use(authRoutes({ tokens, devices, people, newId }).routes());

  const server = createServer(app.callback());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    helixUrl: `http://127.0.0.1:${port}/helix`,
    authUrl: `http://127.0.0.1:${port}/oauth2`,
    port,
    chat,
    pubSub,
    faults,
    people,
    tokens,
    devices,
    subscriptions,
    addChannel(channel) {
      people.add({ id: channel, login: `channel_${channel}`, displayName: `Channel_${channel}` });
      channels.add(channel);
    },
    events: (callbackUrl, channel = broadcasterId) =>
      eventSubSender({ callbackUrl, secret, broadcasterId: channel, botUserId, newId }),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Requests left hanging on purpose would keep it open for ever.
        server.closeAllConnections();
      }),
  };
}

/** Method, path and status only: the query of a token request holds the client secret. */
function logRequests(log: TwitchSimulatorOptions["log"]): Middleware {
  return async (ctx, next) => {
    await next();
    log?.(`twitch simulator: ${ctx.method} ${ctx.path} ${ctx.respond === false ? "unanswered" : ctx.status}`);
  };
}

/** Twitch's own client libraries read these from every Helix answer. */
const rateLimitHeaders: Middleware = async (ctx, next) => {
  if (ctx.path.startsWith("/helix/")) {
    ctx.set({
      "Ratelimit-Limit": "800",
      "Ratelimit-Remaining": "799",
      "Ratelimit-Reset": `${Math.ceil(Date.now() / 1000) + 1}`,
    });
  }
  await next();
};
