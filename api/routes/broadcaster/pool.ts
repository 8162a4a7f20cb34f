import { removeFromPool } from "@mgm/activities/db/pool/leave";
import { type ApiContext, pathPart, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";

/** DELETE /api/broadcaster/pool/{twitchUserId}: the remedy for a squatted name. */
export function removePoolEntry({ database, log }: Pick<ApiDependencies, "database" | "log">) {
  return async (ctx: ApiContext): Promise<void> => {
    const { broadcasterId, identity } = viewerOf(ctx);
    const twitchUserId = pathPart(ctx, "twitchUserId");
    if (twitchUserId.length > 64 || twitchUserId.includes("\0")) throw new ApiError("not_found");
    const removed = await removeFromPool(database, broadcasterId, twitchUserId, ctx.state.receivedAt);
    log.info({ broadcasterId, twitchUserId, removed, by: identity }, "a pool entry was removed by hand");
    ctx.status = 204;
  };
}
