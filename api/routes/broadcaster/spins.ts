import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { z } from "zod";
import { type ApiContext, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { readJson } from "../../middleware/json-body.ts";

const spinsBody = z.object({ paused: z.boolean() });

/** PUT /api/broadcaster/spins: while paused no cycle starts; the running one goes on. */
export function putSpins({ database, log }: Pick<ApiDependencies, "database" | "log">) {
  return async (ctx: ApiContext): Promise<void> => {
    const { paused } = await readJson(ctx, spinsBody);
    const { broadcasterId, identity } = viewerOf(ctx);
    await setPaused(database, broadcasterId, paused);
    log.info({ broadcasterId, paused, by: identity }, "spins were paused or resumed");
    ctx.body = { paused };
  };
}
