import { beat } from "@mgm/activities/db/desktop/heartbeat";
import { readPaused } from "@mgm/activities/db/spin/read-roulette";
import { formatInstant } from "@mgm/domain/instant";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import type { LeaseDto } from "@mgm/domain/wire";
import { z } from "zod";
import { type ApiContext, desktopBroadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { readJson } from "../../middleware/json-body.ts";

const text = z.string().max(255).nullish();

const heartbeatBody = z.object({
  desktopVersion: z.string().min(1).max(255),
  addonVersion: text,
  character: text,
  realm: text,
  transport: text,
  gameFound: z.boolean().nullish(),
  bangSwallowed: z.boolean().nullish(),
  takeOver: z.boolean().nullish(),
});

/** POST /api/desktop/heartbeat: a desktop is there, and learns whether it is the active one and when the next spin is. */
export function postHeartbeat({ database, timings }: Pick<ApiDependencies, "database" | "timings">) {
  return async (ctx: ApiContext): Promise<void> => {
    const body = await readJson(ctx, heartbeatBody);
    const desktopId = desktopIdOf(ctx);
    const lease = await beat(database, {
      broadcasterId: desktopBroadcasterOf(ctx),
      desktopId,
      desktopVersion: body.desktopVersion,
      addonVersion: body.addonVersion ?? null,
      character: body.character || null,
      realm: body.realm || null,
      transport: body.transport ?? null,
      gameFound: body.gameFound ?? null,
      bangSwallowed: body.bangSwallowed ?? null,
      takeOver: body.takeOver ?? false,
    });
    const paused = await readPaused(database, desktopBroadcasterOf(ctx));
    const now = Date.now();
    const answer: LeaseDto = {
      active: lease.desktopId === desktopId,
      activeDesktopId: lease.desktopId,
      activeSince: formatInstant(lease.activeSince),
      serverNow: formatInstant(now),
      nextSpinAt: paused ? null : formatInstant(boundaryAt(now, timings.intervalMs) + timings.intervalMs),
      spinIntervalSeconds: timings.intervalMs / 1000,
      paused,
    };
    ctx.body = answer;
  };
}
