import { requestGift } from "@mgm/activities/db/gift/request-gift";
import { parseCharacterName } from "@mgm/domain/character-name";
import { isOwnAccount } from "@mgm/domain/enrolment";
import { z } from "zod";
import { identifiedViewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { presentGift } from "../../present-gift.ts";
import { requireSubscriber } from "../../require-subscriber.ts";
import { route } from "../../routing/route.ts";
import { giftRequest } from "../../schemas/gift.ts";
import { characterNameInRequest, twitchId } from "../../schemas/texts.ts";
import { beginGift } from "./begin.ts";

type RequestDependencies = Pick<
  ApiDependencies,
  "database" | "workflows" | "log" | "timings" | "channel" | "skipSubscriberCheck" | "isSubscriber" | "displayName"
>;

export const postGiftRequest = route(
  {
    name: "postGiftRequest",
    method: "POST",
    path: "/api/gift-requests",
    who: "viewer",
    needsIdentity: true,
    summary: "Asks for a gift: once per viewer, ever, and one open request at a time.",
    body: z.object({ streamerId: twitchId, characterName: characterNameInRequest }),
    answers: { 201: giftRequest },
    codes: ["forbidden", "invalid_character_name", "not_subscriber", "gift_already_used", "gift_request_active"],
  },
  (deps: RequestDependencies) =>
    async (ctx, { body }) => {
      const { broadcasterId, twitchUserId: viewerId } = identifiedViewerOf(ctx);
      if (body.streamerId !== broadcasterId) throw new ApiError("forbidden", { reason: "other_channel" });
      if (isOwnAccount(viewerId, { ...deps.channel, broadcasterId })) {
        throw new ApiError("forbidden", { reason: "own_channel" });
      }
      const name = parseCharacterName(body.characterName);
      if (!name.ok) throw new ApiError(name.code, { reason: name.reason });
      // Both ask Twitch, and one answer's time is all that there is.
      const [displayName] = await Promise.all([
        deps.displayName(viewerId),
        requireSubscriber(deps, { broadcasterId, viewerId }),
      ]);
      const { gift } = expectOk(
        await requestGift(deps.database, {
          broadcasterId,
          viewerId,
          viewerDisplayName: displayName ?? viewerId,
          characterName: name.name,
          timings: deps.timings,
          receivedAt: ctx.state.receivedAt,
        }),
      );
      beginGift(deps, gift);
      ctx.status = 201;
      ctx.body = presentGift(gift, Date.now());
    },
);
