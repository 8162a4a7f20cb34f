import {
  findLastPayout,
  listActivePayouts,
  type PayoutCursor,
  pagePayouts,
} from "@mgm/activities/db/payout/list-payouts";
import { isId } from "@mgm/domain/instant";
import type { PayoutStatus } from "@mgm/domain/payout";
import { z } from "zod";
import { type ApiContext, desktopBroadcasterOf, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { presentPayout, presentPayoutDetails } from "../../present.ts";
import { parseStatusWord } from "./status-word.ts";

type ReadDependencies = Pick<ApiDependencies, "database">;

/** GET /api/payouts/my-last: the viewer's newest payout, once the wheel has stopped on them. */
export function getMyLast({ database }: ReadDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    const { broadcasterId, twitchUserId } = viewerOf(ctx);
    const payout =
      twitchUserId === null ? null : await findLastPayout(database, broadcasterId, twitchUserId, Date.now());
    if (payout === null) throw new ApiError("not_found");
    ctx.body = presentPayout(payout);
  };
}

/** GET /api/payouts/pending: all active payouts, oldest first. */
export function getPending({ database }: ReadDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    desktopIdOf(ctx);
    ctx.body = (await listActivePayouts(database, desktopBroadcasterOf(ctx))).map(presentPayoutDetails);
  };
}

const pageQuery = z.object({
  status: z.string().default("").transform(parseStatus),
  limit: z
    .string()
    .regex(/^\d{1,3}$/)
    .default("50")
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 200),
  before: z.string().optional().transform(parseCursor),
});

/** GET /api/payouts: the archive, newest first, in pages. */
export function getPayouts({ database }: ReadDependencies) {
  return async (ctx: ApiContext): Promise<void> => {
    desktopIdOf(ctx);
    const query = pageQuery.safeParse(ctx.query);
    if (!query.success) {
      throw new ApiError("invalid_payload", { fields: query.error.issues.map((issue) => issue.path.join(".")) });
    }
    const { payouts, next } = await pagePayouts(database, {
      broadcasterId: desktopBroadcasterOf(ctx),
      ...query.data,
    });
    ctx.body = { items: payouts.map(presentPayoutDetails), before: next === null ? null : formatCursor(next) };
  };
}

function parseStatus(text: string, context: z.RefinementCtx): PayoutStatus | null {
  return text === "" ? null : parseStatusWord(text, context);
}

function formatCursor(cursor: PayoutCursor): string {
  return Buffer.from(`${cursor.createdAt}.${cursor.payoutId}`).toString("base64url");
}

function parseCursor(text: string | undefined, context: z.RefinementCtx): PayoutCursor | null {
  if (text === undefined) return null;
  const [time = "", payoutId = ""] = Buffer.from(text, "base64url").toString().split(".");
  if (/^\d{1,15}$/.test(time) && isId(payoutId)) return { createdAt: Number(time), payoutId };
  context.addIssue({ code: "custom", message: "unknown place" });
  return z.NEVER;
}
