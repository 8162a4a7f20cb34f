import {
  findLastPayout,
  listActivePayouts,
  type PayoutCursor,
  pagePayouts,
} from "@mgm/activities/db/payout/list-payouts";
import { isId } from "@mgm/domain/instant";
import { z } from "zod";
import { desktopBroadcasterOf, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";
import { presentPayout, presentPayoutDetails } from "../../present.ts";
import { route } from "../../routing/route.ts";
import { payout, payoutDetails } from "../../schemas/payout.ts";
import { statusFilter } from "./status-word.ts";

type ReadDependencies = Pick<ApiDependencies, "database">;

export const getMyLast = route(
  {
    name: "getMyLastPayout",
    method: "GET",
    path: "/api/payouts/my-last",
    who: "viewer",
    summary:
      "The viewer's newest payout, once the wheel has stopped on them. With `none=204`, 204 where there is none.",
    query: z.object({ none: z.string().optional() }),
    answers: { 200: payout, 204: null },
    codes: ["not_found"],
  },
  ({ database }: ReadDependencies) =>
    async (ctx, { query: { none } }) => {
      const { broadcasterId, twitchUserId } = viewerOf(ctx);
      const last =
        twitchUserId === null ? null : await findLastPayout(database, broadcasterId, twitchUserId, Date.now());
      if (last !== null) ctx.body = presentPayout(last);
      // Browsers write every 404 on their console, however usual it is to have won nothing yet.
      else if (none === "204") ctx.status = 204;
      else throw new ApiError("not_found");
    },
);

export const getPending = route(
  {
    name: "getPendingPayouts",
    method: "GET",
    path: "/api/payouts/pending",
    who: "desktop",
    summary: "All active payouts, oldest first.",
    answers: { 200: z.array(payoutDetails) },
  },
  ({ database }: ReadDependencies) =>
    async (ctx) => {
      ctx.body = (await listActivePayouts(database, desktopBroadcasterOf(ctx))).map(presentPayoutDetails);
    },
);

export const getPayouts = route(
  {
    name: "getPayouts",
    method: "GET",
    path: "/api/payouts",
    who: "desktop",
    summary: "The archive, newest first, in pages.",
    query: z.object({
      status: statusFilter.optional(),
      limit: z
        .string()
        .regex(/^(?:0{0,2}[1-9]|0?[1-9]\d|1\d\d|200)$/)
        .transform(Number)
        .default(50)
        .meta({ description: "1 to 200." }),
      before: z
        .string()
        .min(1)
        .transform(parseCursor)
        .optional()
        .meta({ description: "Where the last page ended, as it was told; opaque." }),
    }),
    answers: { 200: z.object({ items: z.array(payoutDetails), before: z.string().nullable() }) },
  },
  ({ database }: ReadDependencies) =>
    async (ctx, { query: { status = null, before = null, limit } }) => {
      const broadcasterId = desktopBroadcasterOf(ctx);
      const { payouts, next } = await pagePayouts(database, { broadcasterId, status, before, limit });
      ctx.body = { items: payouts.map(presentPayoutDetails), before: next === null ? null : formatCursor(next) };
    },
);

function formatCursor(cursor: PayoutCursor): string {
  return Buffer.from(`${cursor.createdAt}.${cursor.payoutId}`).toString("base64url");
}

function parseCursor(text: string, context: z.RefinementCtx): PayoutCursor {
  const [time = "", payoutId = ""] = Buffer.from(text, "base64url").toString().split(".");
  if (/^\d{1,15}$/.test(time) && isId(payoutId)) return { createdAt: Number(time), payoutId };
  context.addIssue({ code: "custom", message: "unknown place" });
  return z.NEVER;
}
