import { findPoolName } from "@mgm/activities/db/pool/find-entry";
import type { PoolMembershipDto } from "@mgm/domain/wire";
import { z } from "zod";
import { viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { route } from "../../routing/route.ts";

export const getMembership = route(
  {
    name: "getMembership",
    method: "GET",
    path: "/api/pool/me",
    who: "viewer",
    summary: "Whether this viewer is in the pool, and under which name.",
    answers: {
      200: z.object({
        isEnrolled: z.boolean(),
        characterName: z.string().nullable(),
        identityRequired: z.boolean().meta({ description: "The viewer has not shared with us who they are." }),
      }),
    },
  },
  ({ database }: Pick<ApiDependencies, "database">) =>
    async (ctx) => {
      const { broadcasterId, twitchUserId } = viewerOf(ctx);
      const name = twitchUserId === null ? null : await findPoolName(database, broadcasterId, twitchUserId);
      const body: PoolMembershipDto = {
        isEnrolled: name !== null,
        characterName: name,
        identityRequired: twitchUserId === null,
      };
      ctx.body = body;
    },
);
