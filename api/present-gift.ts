import type { Gift } from "@mgm/activities/db/gift/gift-row";
import { estimatedWaitSeconds, giftNeedsAttention } from "@mgm/domain/gift-queue";
import { formatInstant } from "@mgm/domain/instant";
import type { GiftQueueDto, GiftRequestDetailsDto, GiftRequestDto } from "@mgm/domain/wire";
import { optionalInstant } from "./present.ts";

/** A gift request as its viewer sees it at `now` (Unix milliseconds). */
export function presentGift(gift: Gift, now: number): GiftRequestDto {
  return {
    id: gift.giftRequestId,
    streamerId: gift.broadcasterId,
    viewerId: gift.viewerId,
    viewerDisplayName: gift.viewerDisplayName,
    characterName: gift.characterName,
    state: gift.state,
    selectedItem: gift.selectedItem,
    queuePosition: gift.queuePosition,
    estimatedWaitSeconds: estimatedWaitSeconds(gift.queuePosition),
    createdAt: formatInstant(gift.createdAt),
    updatedAt: formatInstant(gift.updatedAt),
    timeoutAt: optionalInstant(gift.timeoutAt),
    failureReason: gift.failureReason,
    deliveredAt: optionalInstant(gift.deliveredAt),
    needsAttention: giftNeedsAttention(gift, now),
  };
}

/** A gift request as desktop and broadcaster see it. */
export function presentGiftDetails(gift: Gift, now: number): GiftRequestDetailsDto {
  return { ...presentGift(gift, now), selectedBy: gift.selectedBy };
}

/** A gift request as everybody in the channel sees it. */
export function presentGiftEntry(gift: Gift, now: number): GiftQueueDto["entries"][number] {
  const { viewerId: _, ...entry } = presentGift(gift, now);
  return entry;
}
