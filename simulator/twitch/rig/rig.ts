import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { type ExtensionUser, extensionJwt } from "../extension-jwt.ts";
import type { PubSubMessage } from "../pubsub-routes.ts";
import type { RecordLog } from "../record-log.ts";
import type { Chatter } from "../viewers.ts";
import { contentPolicy } from "./content-policy.ts";
import { relayPubSub } from "./pubsub-relay.ts";
import { type ExtensionPages, serveOwnFile, servePage } from "./rig-files.ts";

/*
 * The rig plays Twitch around the extension's pages: frames them as several viewers beside each other, says who looks,
 * in which theme and language, hands on what is pushed, and types in chat for them.
 *
 *   /            the frames and what can be chosen for each
 *   /pages/…     the built extension, under Twitch's content policy, with the helper played by helper.js
 *   /token       a token for somebody      /pubsub  what is pushed, as it is pushed      /chat  a line in chat
 */

/** What a rig is made of. */
export interface RigOptions {
  readonly port: number;
  readonly apiUrl: string;
  readonly broadcasterId: string;
  /** Standard base64. */
  readonly extensionSecret: string;
  readonly pubSub: RecordLog<PubSubMessage>;
  readonly pages: ExtensionPages;
  /** Whom one can look as, besides the broadcaster, somebody logged out and somebody who has not shared. */
  readonly people: readonly Chatter[];
  /** Types a line in the channel's chat; whether it was taken. */
  readonly say: (chatter: Chatter, text: string) => Promise<boolean>;
  readonly log: (line: string) => void;
}

/** A running rig. */
export interface Rig {
  readonly url: string;
  stop(): Promise<void>;
}

const LONGEST_BODY = 10_000;
const chatLine = z.object({ as: z.string(), text: z.string().min(1).max(500) });

/** Starts a rig on 127.0.0.1. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const relay = relayPubSub(options.pubSub, options.broadcasterId);
  const server = createServer((request, response) => {
    answer(request, response, options, relay).catch((error: unknown) => {
      options.log(`rig: ${String(error)}`);
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(error instanceof Error ? error.message : "");
    });
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      relay.stop();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: RigOptions,
  relay: ReturnType<typeof relayPubSub>,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://rig");
  if (pathname.startsWith("/pages/")) {
    const policy = contentPolicy({ apiOrigins: [options.apiUrl], framedBy: "'self'" });
    return await servePage(response, pathname.slice("/pages/".length), options.pages, {
      apiUrl: options.apiUrl,
      policy,
    });
  }
  switch (pathname) {
    case "/token":
      return json(response, await authorizationOf(searchParams.get("as") ?? "", options));
    case "/people":
      return json(
        response,
        options.people.map(({ id, displayName }) => ({ id, displayName })),
      );
    case "/pubsub":
      return relay.follow(response);
    case "/chat": {
      const typed = chatLine.safeParse(await readJson(request));
      const chatter = options.people.find(({ id }) => id === typed.data?.as);
      const isTaken = typed.success && chatter !== undefined && (await options.say(chatter, typed.data.text));
      response.writeHead(isTaken ? 204 : 400).end();
      return;
    }
    default:
      return serveOwnFile(response, pathname);
  }
}

/** What the helper tells a page that somebody opens. */
async function authorizationOf(as: string, { broadcasterId, extensionSecret: secret }: RigOptions): Promise<unknown> {
  const user = userOf(as);
  const token = await extensionJwt(user, { secret, channelId: broadcasterId });
  const isLinked = !("unlinked" in user || "anonymous" in user);
  const opaqueId = "anonymous" in user ? `A${user.anonymous}` : `U${as}`;
  return {
    auth: { channelId: broadcasterId, clientId: "rig", token, helixToken: "rig", userId: opaqueId },
    viewer: { id: isLinked ? as : null, opaqueId, role: user.role, isLinked },
  };
}

function userOf(as: string): ExtensionUser {
  if (as === "broadcaster") return { role: "broadcaster" };
  if (as === "anonymous") return { role: "viewer", anonymous: "rig-guest" };
  if (as.startsWith("unshared:")) return { role: "viewer", unlinked: as.slice("unshared:".length) };
  return { role: "viewer", userId: as };
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST_BODY) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
