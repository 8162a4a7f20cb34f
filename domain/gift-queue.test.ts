import { expect, it } from "vitest";
import {
  estimatedWaitSeconds,
  GIFT_ATTENTION_MS,
  giftAttentionAt,
  giftNeedsAttention,
  SHOWN_GIFTS,
} from "./gift-queue.ts";

it.each([
  [0, 0],
  [1, 0],
  [2, 65],
  [3, 130],
  [50, 3_185],
])("place %i waits about %i s", (position, seconds) => {
  expect(estimatedWaitSeconds(position)).toBe(seconds);
});

it("asks for attention an hour after the viewer agreed, while nothing was sent", () => {
  const agreed = { state: "Completed", completedAt: 1_000, deliveredAt: null } as const;
  expect(GIFT_ATTENTION_MS).toBe(3_600_000);
  expect(giftAttentionAt(agreed)).toBe(3_601_000);
  expect(giftNeedsAttention(agreed, 3_600_999)).toBe(false);
  expect(giftNeedsAttention(agreed, 3_601_000)).toBe(true);
});

it.each([
  { state: "Completed", completedAt: 1, deliveredAt: 2 },
  { state: "Failed", completedAt: 1, deliveredAt: null },
  { state: "Failed", completedAt: null, deliveredAt: null },
  { state: "Pending", completedAt: null, deliveredAt: null },
] as const)("asks for none of %o", (gift) => {
  expect(giftNeedsAttention(gift, Number.MAX_SAFE_INTEGER)).toBe(false);
});

it("shows viewers the first 25", () => {
  expect(SHOWN_GIFTS).toBe(25);
});
