import { changeEndedGift } from "@mgm/activities/db/gift/change-ended";
import { recordGiftAnswer } from "@mgm/activities/db/gift/record-answer";
import { recordGiftSent } from "@mgm/activities/db/gift/record-sent";
import { DESKTOP_FAILURE_REASONS, isOpenGift } from "@mgm/domain/gift";
import { z } from "zod";
import { broadcasterOf } from "../../context.ts";
import { ApiError, expectOk } from "../../errors.ts";
import { desktopIdOf } from "../../middleware/desktop-auth.ts";
import { presentGiftDetails } from "../../present-gift.ts";
import { route } from "../../routing/route.ts";
import { giftItemInRequest, giftRequestDetails } from "../../schemas/gift.ts";
import { idPath, wordInAnyCase } from "../../schemas/texts.ts";
import {
  existingGift,
  type GiftDependencies,
  happenTo,
  tellDelivery,
  tellOfRepeat,
  tellToLook,
} from "./existing-gift.ts";

export const selectItem = route(
  {
    name: "selectGiftItem",
    method: "POST",
    path: "/api/gift-requests/{id}/select-item",
    who: "desktop",
    needsLease: true,
    summary: "The desktop drew a stack out of the bags; it alone will mail it.",
    params: idPath,
    body: z.object({ item: giftItemInRequest }),
    answers: { 200: giftRequestDetails },
    codes: ["not_found", "invalid_state"],
  },
  (deps: GiftDependencies) =>
    async (ctx, { params, body: { item } }) => {
      const desktopId = desktopIdOf(ctx);
      const gift = await existingGift(deps, ctx, params.id);
      const { receivedAt } = ctx.state;
      const selected = await happenTo(deps, ctx, gift, {
        update: "selectItem",
        input: { item, desktopId, receivedAt, cause: "desktop" },
        event: { type: "itemSelected", item, desktopId, at: receivedAt, timings: gift.timings },
      });
      ctx.body = presentGiftDetails(selected, Date.now());
    },
);

export const confirmGift = route(
  {
    name: "confirmGift",
    method: "POST",
    path: "/api/gift-requests/{id}/confirm",
    who: "desktop",
    summary: "The viewer answered in the game. A fact: any desktop may tell it, and it is written down first.",
    params: idPath,
    body: z.object({ confirmed: z.boolean().meta({ description: "False is a refusal: `receiver_declined`." }) }),
    answers: { 200: giftRequestDetails },
    codes: ["not_found", "invalid_state"],
  },
  (deps: GiftDependencies) =>
    async (ctx, { params, body: { confirmed } }) => {
      const desktopId = desktopIdOf(ctx);
      const gift = await existingGift(deps, ctx, params.id);
      const { receivedAt } = ctx.state;
      const message = {
        update: "confirm",
        input: { confirmed, desktopId, receivedAt, cause: "log" },
        event: { type: "answered", agreed: confirmed, at: receivedAt },
      } as const;
      const answered = await happenTo(deps, ctx, gift, message, () =>
        recordGiftAnswer(deps.database, { ...gift, agreed: confirmed, receivedAt }),
      );
      ctx.body = presentGiftDetails(answered, Date.now());
    },
);

export const giftSent = route(
  {
    name: "giftSent",
    method: "POST",
    path: "/api/gift-requests/{id}/sent",
    who: "desktop",
    summary: "The item's mail was sent. A fact in every state: any desktop may tell it, and it is written down first.",
    params: idPath,
    answers: { 200: giftRequestDetails },
    codes: ["not_found"],
  },
  (deps: GiftDependencies) =>
    async (ctx, { params }) => {
      const desktopId = desktopIdOf(ctx);
      const { receivedAt } = ctx.state;
      const by = { broadcasterId: broadcasterOf(ctx), giftRequestId: params.id, desktopId, receivedAt };
      const recorded = await recordGiftSent(deps.database, { ...by, cause: "log" });
      if (recorded === null) throw new ApiError("not_found");
      const { gift, rival } = recorded;
      if (rival !== null) await tellToLook(deps, rival);
      if (!isOpenGift(gift.state)) await tellDelivery(deps, gift);
      const sent = await happenTo(deps, ctx, gift, {
        update: "sent",
        input: { desktopId, receivedAt, cause: "log" },
        event: { type: "sent", at: receivedAt },
      });
      ctx.body = presentGiftDetails(sent, Date.now());
    },
);

export const failGift = route(
  {
    name: "failGift",
    method: "PATCH",
    path: "/api/gift-requests/{id}",
    who: "desktop",
    needsLease: true,
    summary: "Ends a request, or takes a completed one back while its mail was not sent.",
    params: idPath,
    body: z.object({ state: wordInAnyCase(["Failed"]), reason: z.enum(DESKTOP_FAILURE_REASONS) }),
    answers: { 200: giftRequestDetails },
    codes: ["not_found", "invalid_state"],
  },
  (deps: GiftDependencies) =>
    async (ctx, { params, body: { reason } }) => {
      const desktopId = desktopIdOf(ctx);
      const gift = await existingGift(deps, ctx, params.id);
      const { receivedAt } = ctx.state;
      const event = { type: "failed", reason } as const;
      if (isOpenGift(gift.state)) {
        const input = { reason, desktopId, receivedAt, cause: "desktop" };
        ctx.body = presentGiftDetails(await happenTo(deps, ctx, gift, { update: "fail", input, event }), Date.now());
        return;
      }
      const by = { event, cause: "desktop", desktopId, at: receivedAt } as const;
      const { gift: failed } = expectOk(await changeEndedGift(deps.database, gift, by));
      await Promise.all([tellDelivery(deps, failed), tellOfRepeat(deps, failed)]);
      ctx.body = presentGiftDetails(failed, Date.now());
    },
);
