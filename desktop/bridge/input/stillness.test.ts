import { beforeEach, describe, expect, it } from "vitest";
import { Stillness } from "./stillness.ts";

let stillness: Stillness;
beforeEach(() => {
  stillness = new Stillness();
});

describe("how long the person has been still", () => {
  it("is the time since the last input while we do not type", () => {
    expect(stillness.stillForMs(10_000, 9_000)).toBe(1_000);
  });

  it("goes on from their last input while and after we type", () => {
    stillness.begin(10_000, 7_000);
    stillness.extend(10_400);
    expect(stillness.stillForMs(10_410, 10_400)).toBe(3_410);
    expect(stillness.stillForMs(20_000, 10_400)).toBe(13_000);
  });

  it("begins anew with an input after ours", () => {
    stillness.begin(10_000, 7_000);
    stillness.extend(10_400);
    expect(stillness.stillForMs(12_000, 11_000)).toBe(1_000);
  });

  it("is not forgotten over several lines of ours", () => {
    stillness.begin(10_000, 7_000);
    stillness.extend(10_400);
    stillness.begin(12_000, 10_400);
    stillness.extend(12_400);
    expect(stillness.stillForMs(13_000, 12_400)).toBe(6_000);
    expect(stillness.stillForMs(13_000, 10_400)).toBe(6_000);
  });

  it("counts what they did between two lines of ours", () => {
    stillness.begin(10_000, 7_000);
    stillness.extend(10_400);
    stillness.begin(12_000, 11_000);
    stillness.extend(12_400);
    expect(stillness.stillForMs(13_000, 12_400)).toBe(2_000);
  });

  it("is never negative, should the clocks disagree", () => {
    expect(stillness.stillForMs(1_000, 1_005)).toBe(0);
  });
});
