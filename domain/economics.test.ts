import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COPPER_PER_GOLD,
  isBelowLifetimeCap,
  LIFETIME_CAP_COPPER,
  PAYOUT_COPPER,
  PAYOUT_GOLD,
  WHEEL_NAMES,
} from "./economics.ts";

describe("the amounts", () => {
  it("are the agreed ones, in whole copper", () => {
    expect(COPPER_PER_GOLD).toBe(10_000);
    expect(PAYOUT_GOLD).toBe(1_000);
    expect(PAYOUT_COPPER).toBe(10_000_000);
    expect(LIFETIME_CAP_COPPER).toBe(100_000_000);
    expect(WHEEL_NAMES).toBe(24);
  });
});

describe("isBelowLifetimeCap", () => {
  it.each([
    [0, true],
    [10_000_000, true],
    [90_000_000, true],
    [100_000_000, false],
    [110_000_000, false],
  ])("answers for %d copper counted", (countedCopper, expected) => {
    expect(isBelowLifetimeCap(countedCopper)).toBe(expected);
  });

  it("lets nobody be owed more than the cap, ten payouts in all", () => {
    let countedCopper = 0;
    let payouts = 0;
    for (; isBelowLifetimeCap(countedCopper); payouts += 1) countedCopper += 10_000_000;
    expect([payouts, countedCopper]).toEqual([10, 100_000_000]);
  });

  it("never lets a payout lead past the cap, whatever was counted", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000_000 }), (countedCopper) => {
        expect(isBelowLifetimeCap(countedCopper)).toBe(countedCopper <= 90_000_000);
      }),
    );
  });
});
