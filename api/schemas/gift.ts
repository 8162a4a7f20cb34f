import type { GiftFailureReason, GiftItemDto, GiftRequestDto, GiftState } from "@mgm/domain/wire";
import { z } from "zod";
import { id, instant } from "./texts.ts";

const GIFT_STATES = [
  "Pending",
  "SelectingItem",
  "WaitingConfirmation",
  "Completed",
  "Failed",
] as const satisfies readonly GiftState[];

const FAILURE_REASONS = [
  "selection_timeout",
  "confirmation_timeout",
  "no_items_available",
  "receiver_declined",
  "failed_by_streamer",
  "not_subscriber",
  "ended_by_operator",
] as const satisfies readonly GiftFailureReason[];

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
  .meta({ id: "GiftItem" }) satisfies z.ZodType<GiftItemDto>;

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
    failureReason: z.enum(FAILURE_REASONS).nullable(),
    deliveredAt: instant.nullable().meta({ description: "When the game proved that the item's mail was sent." }),
    needsAttention: z.boolean(),
  })
  .meta({ id: "GiftRequest" }) satisfies z.ZodType<GiftRequestDto>;
