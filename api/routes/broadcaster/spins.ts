import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { z } from "zod";
import { viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { route } from "../../routing/route.ts";

export const putSpins = route(
  {
    name: "putSpins",
    method: "PUT",
    path: "/api/broadcaster/spins",
    who: "moderator",
    summary: "Pauses or resumes the spins: while paused no cycle starts; the running one goes on.",
    body: z.object({ paused: z.boolean() }),
    answers: { 200: z.object({ paused: z.boolean() }) },
  },
  ({ database, log }: Pick<ApiDependencies, "database" | "log">) =>
    async (ctx, { body: { paused } }) => {
      const { broadcasterId, identity } = viewerOf(ctx);
      await setPaused(database, broadcasterId, paused);
      log.info({ broadcasterId, paused, by: identity }, "spins were paused or resumed");
      ctx.body = { paused };
    },
);
