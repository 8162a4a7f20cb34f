import { describe, expect, it } from "vitest";
import { compare } from "./rounds.ts";
import { latenciesInParts, latenciesOf, median, quantile, rounded } from "./statistics.ts";

describe("quantiles", () => {
  it("takes the nearest rank of values in any order", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.01, 0.5, 0.95, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 50, 95, 99, 100]);
  });

  it("takes the only value for every share, and the lower middle of two", () => {
    expect([quantile([7], 0), quantile([7], 1), median([3, 9])]).toEqual([7, 7, 3]);
  });

  it("tells a single slow one as the largest alone", () => {
    const slow = [...Array.from({ length: 199 }, () => 1), 500];
    expect(latenciesOf(slow)).toEqual({ p50: 1, p95: 1, p99: 1, max: 500 });
  });

  it("tells how far the 95th percentiles of a run's fifths lie apart", () => {
    const inTurn = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { latencyMs, p95OfFifthsMs, spread } = latenciesInParts(inTurn);
    expect([latencyMs.p95, p95OfFifthsMs, spread]).toEqual([10, [2, 4, 6, 8, 10], [2, 10]]);
  });

  it("keeps three digits of small figures and four of large ones", () => {
    expect([rounded(0.123456), rounded(12.345), rounded(12_345.6)]).toEqual([0.123, 12.3, 12_350]);
  });
});

describe("a comparison", () => {
  it("takes the median of five rounds' ratios, lets each begin in turn, and leaves the warm-up out", async () => {
    const order: string[] = [];
    const figures = { ours: [99, 4, 8, 6, 20, 2], baseline: [1, 2, 2, 2, 2, 2] };
    const take = (who: "ours" | "baseline") => async () => {
      order.push(who);
      return { perSecond: figures[who][order.filter((one) => one === who).length - 1] ?? Number.NaN };
    };
    const found = await compare({
      ours: take("ours"),
      baseline: take("baseline"),
      figureOf: ({ perSecond }) => perSecond,
    });
    expect(found.ratio).toBe(3);
    expect(found.spread).toEqual([1, 10]);
    expect(order.slice(2, 6)).toEqual(["ours", "baseline", "baseline", "ours"]);
  });
});
