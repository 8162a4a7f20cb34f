import Router from "@koa/router";
import { jwtVerify } from "jose";
import * as z from "zod";
import { keyBytes } from "./extension-jwt.ts";
import type { RecordLog } from "./record-log.ts";
import { helixRefusal } from "./refusal.ts";
import { jsonBody } from "./request-body.ts";

/** A message that would have reached the extension's pages. */
export type PubSubMessage = { broadcasterId: string; targets: string[]; message: string; sentAt: Date };

const MAX_MESSAGE_BYTES = 5 * 1024;

const pubSubBody = z.object({
  target: z.array(z.string()).min(1),
  broadcaster_id: z.string().min(1),
  is_global_broadcast: z.boolean().optional(),
  message: z.string(),
});

const senderClaims = z.object({
  role: z.literal("external"),
  user_id: z.string().min(1),
  channel_id: z.string().min(1),
  pubsub_perms: z.object({ send: z.array(z.string()) }),
});

/** Extension PubSub: takes a message from whoever holds the extension's secret. */
export function pubSubRoutes(world: { extensionSecret: string; pubSub: RecordLog<PubSubMessage> }): Router {
  const router = new Router({ prefix: "/helix" });
  const key = keyBytes(world.extensionSecret);
  router.post("/extensions/pubsub", async (ctx) => {
    const claims = await verifiedClaims(ctx.get("Authorization"), key);
    if (!claims || !ctx.get("Client-Id")) throw helixRefusal(401, "JWT token is invalid");
    const body = pubSubBody.safeParse(jsonBody(ctx));
    if (!body.success) throw helixRefusal(400, "The request body is not that of a PubSub message");
    const { target: targets, broadcaster_id: broadcasterId, message } = body.data;
    const { send } = claims.pubsub_perms;
    const mayCallIt =
      claims.channel_id === broadcasterId && targets.every((t) => send.includes(t) || send.includes("*"));
    if (!mayCallIt) throw helixRefusal(403, "The token does not permit this target");
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw helixRefusal(422, "The message is too large");
    world.pubSub.push({ broadcasterId, targets, message, sentAt: new Date() });
    ctx.status = 204;
  });
  return router;
}

async function verifiedClaims(authorization: string, key: Uint8Array): Promise<z.infer<typeof senderClaims> | null> {
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? "";
  const verified = await jwtVerify(token, key, { algorithms: ["HS256"], requiredClaims: ["exp"] }).catch(() => null);
  return senderClaims.safeParse(verified?.payload).data ?? null;
}
