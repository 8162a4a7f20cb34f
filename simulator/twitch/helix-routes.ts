import Router from "@koa/router";
import type { Context } from "koa";
import * as z from "zod";
import type { NewId } from "./ids.ts";
import type { People } from "./people.ts";
import type { RecordLog } from "./record-log.ts";
import { helixRefusal } from "./refusal.ts";
import { jsonBody } from "./request-body.ts";
import { authenticate, type TokenStore } from "./tokens.ts";
import type { Chatter } from "./viewers.ts";

/** A message that was posted to the channel. */
export type ChatMessage = { messageId: string; broadcasterId: string; senderId: string; text: string; sentAt: Date };

/** Everything that was posted to the channels, in order. */
export type ChatLog = RecordLog<ChatMessage>;

/** What the Helix routes read and write. */
export type HelixWorld = {
  /** Channels that let the bot write. */
  channels: ReadonlySet<string>;
  botUserId: string;
  tokens: TokenStore;
  people: People;
  chat: ChatLog;
  newId: NewId;
};

const MAX_CHAT_LENGTH = 500;

const chatBody = z.object({
  broadcaster_id: z.string().min(1),
  sender_id: z.string().min(1),
  message: z.string().min(1),
  reply_parent_message_id: z.string().optional(),
  for_source_only: z.boolean().optional(),
});

/** Chat, users and subscriptions. */
export function helixRoutes(world: HelixWorld): Router {
  const router = new Router({ prefix: "/helix" });
  router.post("/chat/messages", (ctx) => postChatMessage(ctx, world));
  router.get("/users", (ctx) => getUsers(ctx, world));
  router.get("/subscriptions", (ctx) => getSubscriptions(ctx, world));
  return router;
}

function postChatMessage(ctx: Context, world: HelixWorld): void {
  const caller = authenticate(ctx, world.tokens);
  const body = chatBody.safeParse(jsonBody(ctx));
  if (!body.success) throw helixRefusal(400, "The request body is not that of a chat message");
  const { broadcaster_id: broadcasterId, sender_id: senderId, message: text } = body.data;
  if ([...text].length > MAX_CHAT_LENGTH) throw helixRefusal(422, "The message is too large");
  if (caller.kind === "user" && caller.userId !== senderId) {
    throw helixRefusal(401, "The ID in sender_id must match the user ID in the access token");
  }
  const mayWrite = world.channels.has(broadcasterId) && [broadcasterId, world.botUserId].includes(senderId);
  if (!mayWrite) throw helixRefusal(403, "The sender is not permitted to send chat messages to the broadcaster");

  const messageId = world.newId();
  world.chat.push({ messageId, broadcasterId, senderId, text, sentAt: new Date() });
  ctx.body = { data: [{ message_id: messageId, is_sent: true, drop_reason: null }] };
}

function getUsers(ctx: Context, world: HelixWorld): void {
  authenticate(ctx, world.tokens);
  const found = [
    ...queryValues(ctx, "id").map((id) => world.people.find(id)),
    ...queryValues(ctx, "login").map((login) => world.people.findByLogin(login)),
  ];
  ctx.body = { data: found.filter((person) => person !== null).map(userJson) };
}

function getSubscriptions(ctx: Context, world: HelixWorld): void {
  const caller = authenticate(ctx, world.tokens);
  const broadcasterId = queryValues(ctx, "broadcaster_id")[0];
  const users = queryValues(ctx, "user_id");
  if (!broadcasterId || users.length > 100) throw helixRefusal(400, "Bad query");
  const granted =
    caller.kind === "simulated" ||
    (caller.kind === "user" && caller.userId === broadcasterId && caller.scopes.includes("channel:read:subscriptions"));
  if (!granted) throw helixRefusal(401, "Missing scope: channel:read:subscriptions");

  // Those who do not subscribe are left out of the list; there is no other way to say no.
  const subscribers = users.filter((id) => world.people.isSubscriber(id, broadcasterId));
  ctx.body = {
    data: subscribers.map((id) => ({
      broadcaster_id: broadcasterId,
      broadcaster_login: `channel_${broadcasterId}`,
      broadcaster_name: `Channel_${broadcasterId}`,
      gifter_id: "",
      gifter_login: "",
      gifter_name: "",
      is_gift: false,
      plan_name: "Tier 1",
      tier: "1000",
      user_id: id,
      user_name: world.people.find(id)?.displayName ?? id,
      user_login: world.people.find(id)?.login ?? id,
    })),
    pagination: {},
    total: subscribers.length,
    points: subscribers.length,
  };
}

function userJson(person: Chatter) {
  return {
    id: person.id,
    login: person.login,
    display_name: person.displayName,
    type: "",
    broadcaster_type: "",
    description: "",
    profile_image_url: "",
    offline_image_url: "",
    view_count: 0,
    created_at: "2020-01-01T00:00:00Z",
  };
}

function queryValues(ctx: Context, name: string): string[] {
  const value = ctx.query[name];
  return value === undefined ? [] : [value].flat();
}
