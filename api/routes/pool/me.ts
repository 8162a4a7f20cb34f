import { findPoolName } from "@mgm/activities/db/pool/find-entry";
import type { PoolMembershipDto } from "@mgm/domain/wire";
import { type ApiContext, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";

/** GET /api/pool/me: whether this viewer is in the pool, and under which name. */
export function getMembership({ database }: Pick<ApiDependencies, "database">) {
  return async (ctx: ApiContext): Promise<void> => {
    const { broadcasterId, twitchUserId } = viewerOf(ctx);
    const name = twitchUserId === null ? null : await findPoolName(database, broadcasterId, twitchUserId);
    const body: PoolMembershipDto = {
      isEnrolled: name !== null,
      characterName: name,
      identityRequired: twitchUserId === null,
    };
    ctx.body = body;
  };
}
