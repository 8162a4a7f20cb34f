import { GIFT_STATES } from "@mgm/domain/gift";
import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import { z } from "zod";

/* What of a gift request is acted on: the rest is shown only. A row that lacks any of it would be acted on wrongly. */

const count = z.number().int().min(1);
const place = z.number().int().min(0);

const item = z.object({ name: z.string(), id: count, count, bagId: place, slotId: place });
const gifts = z.array(
  z.object({
    id: z.guid(),
    characterName: z.string().min(1),
    state: z.enum(GIFT_STATES),
    selectedItem: item.nullable(),
    selectedBy: z.string().nullable(),
    deliveredAt: z.string().nullable(),
  }),
);

/** Whether a value is a list of gift requests. */
export function isGiftList(value: unknown): value is readonly GiftRequestDetailsDto[] {
  return gifts.safeParse(value).success;
}
