import type { GiftRecord } from "./gift.ts";

/** What one place in the queue costs in waiting, in seconds: about as long as a request that comes to nothing. */
const SECONDS_PER_PLACE = 65;

/** How long a completed gift may stay unsent before somebody must look at it. */
export const GIFT_ATTENTION_MS = 3_600_000;

/** How many requests viewers see. */
export const SHOWN_GIFTS = 25;

/** How long the request at a place will wait; 1 is the active one, 0 one that has ended. */
export function estimatedWaitSeconds(queuePosition: number): number {
  return Math.max(0, queuePosition - 1) * SECONDS_PER_PLACE;
}

/** Whether somebody must look at a request: its viewer agreed long ago, and no mail was sent. */
export function giftNeedsAttention(
  record: Pick<GiftRecord, "state" | "completedAt" | "deliveredAt">,
  now: number,
): boolean {
  const attentionAt = giftAttentionAt(record);
  return attentionAt !== null && now >= attentionAt;
}

/** When an unsent gift begins to need attention (Unix milliseconds); null when it does not wait for its mail. */
export function giftAttentionAt(record: Pick<GiftRecord, "state" | "completedAt" | "deliveredAt">): number | null {
  if (record.state !== "Completed" || record.completedAt === null || record.deliveredAt !== null) return null;
  return record.completedAt + GIFT_ATTENTION_MS;
}
