import { removeFromPool } from "@mgm/activities/db/pool/leave";
import { z } from "zod";
import { viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { route } from "../../routing/route.ts";
import { twitchId } from "../../schemas/texts.ts";

export const removePoolEntry = route(
  {
    name: "removePoolEntry",
    method: "DELETE",
    path: "/api/broadcaster/pool/{twitchUserId}",
    who: "moderator",
    summary: "Takes a viewer out of the pool: the remedy for a squatted name. Nobody to take out is fine too.",
    params: z.object({ twitchUserId: twitchId }),
    answers: { 204: null },
  },
  ({ database, log }: Pick<ApiDependencies, "database" | "log">) =>
    async (ctx, { params: { twitchUserId } }) => {
      const { broadcasterId, identity } = viewerOf(ctx);
      const removed = await removeFromPool(database, broadcasterId, twitchUserId, ctx.state.receivedAt);
      log.info({ broadcasterId, twitchUserId, removed, by: identity }, "a pool entry was removed by hand");
      ctx.status = 204;
    },
);
