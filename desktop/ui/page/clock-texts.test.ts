import { describe, expect, it } from "vitest";
import { age, countdown } from "./clock-texts.ts";

describe("times on the screen", () => {
  it("count down to the second that has begun, and stop at nothing", () => {
    expect([222_000, 59_001, 1, 0, -5_000, 3_661_000].map(countdown)).toEqual([
      "3:42",
      "1:00",
      "0:01",
      "0:00",
      "0:00",
      "1:01:01",
    ]);
  });

  it("tell an age in the largest unit that fits", () => {
    expect([0, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000, -1].map((span) => age(span, "en"))).toEqual([
      "0 min",
      "0 min",
      "1 min",
      "59 min",
      "1 hr",
      "1 day",
      "0 min",
    ]);
  });
});
