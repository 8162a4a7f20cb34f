import Router from "@koa/router";
import type { Context } from "koa";
import * as z from "zod";
import type { EventSubStore } from "./eventsub-store.ts";
import { helixRefusal } from "./refusal.ts";
import { jsonBody } from "./request-body.ts";
import { authenticate, type TokenStore } from "./tokens.ts";

const createBody = z.object({
  type: z.string().min(1),
  version: z.string().min(1),
  condition: z.record(z.string(), z.string()),
  transport: z.object({
    method: z.literal("webhook"),
    callback: z.url(),
    secret: z.string().regex(/^[\x20-\x7e]{10,100}$/),
  }),
});

const MAX_TOTAL_COST = 10_000;
const MAX_SAME_CONDITION = 3;

/** Creating, listing and deleting EventSub subscriptions. */
export function eventSubRoutes(world: { tokens: TokenStore; store: EventSubStore; pageSize: number }): Router {
  const router = new Router({ prefix: "/helix" });
  router.post("/eventsub/subscriptions", (ctx) => postSubscription(ctx, world.tokens, world.store));
  router.get("/eventsub/subscriptions", (ctx) => getSubscriptions(ctx, world));
  router.delete("/eventsub/subscriptions", (ctx) => {
    authenticate(ctx, world.tokens);
    if (!world.store.delete(`${ctx.query.id}`)) throw helixRefusal(404, "subscription not found");
    ctx.status = 204;
  });
  return router;
}

function postSubscription(ctx: Context, tokens: TokenStore, store: EventSubStore): void {
  const caller = authenticate(ctx, tokens);
  if (caller.kind === "user") throw helixRefusal(400, "invalid transport and auth combination");
  const body = createBody.safeParse(jsonBody(ctx));
  if (!body.success) throw helixRefusal(400, "The request body is not that of a webhook subscription");
  const wanted = body.data;
  const alike = store.alike(wanted);
  const same = alike.find((one) => one.transport.callback === wanted.transport.callback);
  if (same) throw helixRefusal(409, "subscription already exists", { data: [{ id: same.id }] });
  if (alike.length >= MAX_SAME_CONDITION) {
    throw helixRefusal(429, "number of subscriptions with the same type and condition exceeded");
  }
  const { transport, ...rest } = wanted;
  const subscription = store.create({ ...rest, callback: transport.callback, secret: transport.secret });
  ctx.status = 202;
  ctx.body = { data: [subscription], total: store.list().length, total_cost: 0, max_total_cost: MAX_TOTAL_COST };
}

function getSubscriptions(ctx: Context, world: { tokens: TokenStore; store: EventSubStore; pageSize: number }): void {
  authenticate(ctx, world.tokens);
  const { status, type, user_id: userId, after } = ctx.query;
  const fitting = world.store
    .list()
    .filter((one) => status === undefined || one.status === status)
    .filter((one) => type === undefined || one.type === type)
    .filter((one) => userId === undefined || Object.values(one.condition).includes(`${userId}`));
  const start = Number(after ?? 0);
  const end = start + world.pageSize;
  ctx.body = {
    total: fitting.length,
    data: fitting.slice(start, end),
    total_cost: 0,
    max_total_cost: MAX_TOTAL_COST,
    pagination: end < fitting.length ? { cursor: `${end}` } : {},
  };
}
