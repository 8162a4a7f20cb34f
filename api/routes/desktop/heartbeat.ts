import { beat } from "@mgm/activities/db/desktop/heartbeat";
import { readPaused } from "@mgm/activities/db/spin/read-roulette";
import { formatInstant } from "@mgm/domain/instant";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import type { LeaseDto } from "@mgm/domain/wire";
import { z } from "zod";
import { desktopBroadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { route } from "../../routing/route.ts";
import { id, instant, storedText } from "../../schemas/texts.ts";

const known = storedText.nullish();

export const postHeartbeat = route(
  {
    name: "postHeartbeat",
    method: "POST",
    path: "/api/desktop/heartbeat",
    who: "desktop",
    summary: "A desktop is there, tells what it knows, and learns whether it is the active one.",
    body: z.object({
      desktopVersion: storedText.min(1),
      addonVersion: known,
      character: known,
      realm: known,
      transport: known,
      gameFound: z.boolean().nullish(),
      bangSwallowed: z.boolean().nullish(),
      forgedLines: z.number().int().min(0).max(1_000_000_000_000).nullish(),
      takeOver: z.boolean().nullish(),
    }),
    answers: {
      200: z.object({
        active: z.boolean(),
        activeDesktopId: id.nullable(),
        activeSince: instant.nullable(),
        serverNow: instant,
        nextSpinAt: instant.nullable(),
        spinIntervalSeconds: z.number().positive(),
        paused: z.boolean(),
      }),
    },
  },
  ({ database, timings }: Pick<ApiDependencies, "database" | "timings">) =>
    async (ctx, { body }) => {
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
        forgedLines: body.forgedLines ?? null,
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
    },
);
