import { readDesktopQueue, readViewerQueue } from "@mgm/activities/db/gift/read-queue";
import { formatInstant } from "@mgm/domain/instant";
import type { GiftQueueDto } from "@mgm/domain/wire";
import { z } from "zod";
import { desktopBroadcasterOf, viewerOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError } from "../../errors.ts";
import { presentGift, presentGiftDetails, presentGiftEntry } from "../../present-gift.ts";
import { route } from "../../routing/route.ts";
import { giftQueue, giftRequestDetails } from "../../schemas/gift.ts";
import { twitchId } from "../../schemas/texts.ts";

type ReadDependencies = Pick<ApiDependencies, "database">;

export const getGiftQueue = route(
  {
    name: "getGiftQueue",
    method: "GET",
    path: "/api/streamers/{id}/gift-queue",
    who: "viewer",
    summary: "The channel's gift queue as viewers see it, and the viewer's own newest request.",
    params: z.object({ id: twitchId }),
    answers: { 200: giftQueue },
    codes: ["forbidden"],
  },
  ({ database }: ReadDependencies) =>
    async (ctx, { params: { id: streamerId } }) => {
      const { broadcasterId, twitchUserId } = viewerOf(ctx);
      if (streamerId !== broadcasterId) throw new ApiError("forbidden", { reason: "other_channel" });
      const { shown, queueLength, mine } = await readViewerQueue(database, broadcasterId, twitchUserId);
      const now = Date.now();
      const answer: GiftQueueDto = {
        streamerId,
        serverNow: formatInstant(now),
        queueLength,
        entries: shown.map((gift) => presentGiftEntry(gift, now)),
        mine: mine === null ? null : presentGift(mine, now),
      };
      ctx.body = answer;
    },
);

export const getGiftRequests = route(
  {
    name: "getGiftRequests",
    method: "GET",
    path: "/api/gift-requests",
    who: "desktop",
    summary: "Open requests in the order of the queue, then completed ones whose mail was not sent yet.",
    answers: { 200: z.array(giftRequestDetails) },
  },
  ({ database }: ReadDependencies) =>
    async (ctx) => {
      const broadcasterId = desktopBroadcasterOf(ctx);
      const { open, unsent } = await readDesktopQueue(database, broadcasterId);
      const now = Date.now();
      ctx.body = [...open, ...unsent].map((gift) => presentGiftDetails(gift, now));
    },
);
