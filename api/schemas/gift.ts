import { GIFT_FAILURE_REASONS, GIFT_STATES } from "@mgm/domain/gift";
import { type GiftItem, itemFaults } from "@mgm/domain/gift-item";
import type { GiftQueueDto, GiftRequestDetailsDto, GiftRequestDto } from "@mgm/domain/wire";
import { z } from "zod";
import { id, instant } from "./texts.ts";

/** The item of a gift: a stack in the streamer's bags. */
export const giftItem = z
  .object({
    name: z.string().min(1).max(255),
    id: z.int().min(1),
    count: z.int().min(1),
    link: z.string(),
    texture: z.string(),
    bagId: z.int().min(0),
    slotId: z.int().min(0),
  })
  .meta({ id: "GiftItem" }) satisfies z.ZodType<GiftItem>;

/** The same in a request: all that the rules demand. */
export const giftItemInRequest = giftItem.superRefine((item, context) => {
  for (const field of itemFaults(item)) context.addIssue({ code: "custom", path: [field], message: "unusable" });
});

/** A gift request. */
export const giftRequest = z
  .object({
    id,
    streamerId: z.string(),
    viewerId: z.string(),
    viewerDisplayName: z.string(),
    characterName: z.string(),
    state: z.enum(GIFT_STATES),
    selectedItem: giftItem.nullable(),
    queuePosition: z.int().min(0).meta({ description: "1 is the active one; 0 once ended." }),
    estimatedWaitSeconds: z.int().min(0),
    createdAt: instant,
    updatedAt: instant,
    timeoutAt: instant.nullable().meta({ description: "Null outside the two timed states." }),
    failureReason: z.enum(GIFT_FAILURE_REASONS).nullable(),
    deliveredAt: instant.nullable().meta({ description: "When the game proved that the item's mail was sent." }),
    needsAttention: z.boolean(),
  })
  .meta({ id: "GiftRequest" }) satisfies z.ZodType<GiftRequestDto>;

/** A gift request as desktop and broadcaster see it. */
export const giftRequestDetails = z
  .object({
    ...giftRequest.shape,
    selectedBy: id.nullable().meta({ description: "The desktop that selected the item: it alone mails it." }),
  })
  .meta({ id: "GiftRequestDetails" }) satisfies z.ZodType<GiftRequestDetailsDto>;

/** GET /api/streamers/{id}/gift-queue. */
export const giftQueue = z
  .object({
    streamerId: z.string(),
    serverNow: instant,
    queueLength: z.int().min(0),
    entries: z.array(giftRequest.omit({ viewerId: true })).meta({ description: "The first 25." }),
    mine: giftRequest.nullable().meta({ description: "The viewer's newest request, ended ones too." }),
  })
  .meta({ id: "GiftQueue" }) satisfies z.ZodType<GiftQueueDto>;
