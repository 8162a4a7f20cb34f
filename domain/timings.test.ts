import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areContractTimings, CONTRACT_TIMINGS, completeTimings, type Timings, timingFaults } from "./timings.ts";

const contract = {
  intervalMs: 300_000,
  wheelMs: 10_000,
  graceMs: 30_000,
  slackMs: 5_000,
  resultMs: 30_000,
  payoutTtlMs: 86_400_000,
  expiryGridMs: 3_600_000,
  giftSelectMs: 60_000,
  giftConfirmMs: 300_000,
};
const keys = Object.keys(contract) as (keyof Timings)[];

describe("CONTRACT_TIMINGS", () => {
  it("are the agreed values", () => {
    expect(CONTRACT_TIMINGS).toEqual(contract);
    expect(timingFaults(CONTRACT_TIMINGS)).toEqual([]);
  });
});

describe("timingFaults", () => {
  it.each<[string, Partial<Timings>, number]>([
    ["a wheel that runs as long as the interval", { wheelMs: 300_000 }, 1],
    ["a wheel one millisecond shorter", { wheelMs: 299_999 }, 0],
    ["grace and slack that fill the interval", { graceMs: 295_000 }, 1],
    ["grace and slack one millisecond short of it", { graceMs: 294_999 }, 0],
    ["slack that fills what grace leaves", { slackMs: 270_000 }, 1],
    ["an interval below wheel and grace", { intervalMs: 9_000 }, 2],
    ["everything in milliseconds", { intervalMs: 3, wheelMs: 1, graceMs: 1, slackMs: 1 }, 0],
  ])("judges %s", (_, change, faults) => {
    expect(timingFaults({ ...CONTRACT_TIMINGS, ...change })).toHaveLength(faults);
  });

  it.each(keys)("takes only positive whole numbers for %s", (key) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(timingFaults({ ...CONTRACT_TIMINGS, [key]: value }).some((fault) => fault.startsWith(`${key} `))).toBe(
        true,
      );
    }
  });
});

describe("completeTimings", () => {
  it("takes the agreed value for what is left out", () => {
    expect(completeTimings({})).toEqual({ ok: true, timings: contract });
    expect(completeTimings({ intervalMs: 60_000, slackMs: 1 })).toEqual({
      ok: true,
      timings: { ...contract, intervalMs: 60_000, slackMs: 1 },
    });
  });

  it("judges the completed set, not the given part", () => {
    expect(completeTimings({ intervalMs: 30_000 })).toMatchObject({ ok: false, faults: [expect.any(String)] });
    expect(completeTimings({ intervalMs: 30_000, graceMs: 5_000 })).toMatchObject({ ok: true });
  });

  it.each(["interval", "INTERVALMS", "", "constructor", "toString", "__proto__"])(
    "refuses the unknown key %j",
    (key) => {
      expect(completeTimings(JSON.parse(`{${JSON.stringify(key)}: 1000}`))).toMatchObject({ ok: false });
    },
  );

  it.each(["60000", null, true, [60_000], { ms: 1 }])("refuses %j as a value", (value) => {
    expect(completeTimings({ wheelMs: value })).toMatchObject({ ok: false, faults: [expect.any(String)] });
  });

  it("tells all faults at once", () => {
    const result = completeTimings({ wheel: 1, slackMs: "1", resultMs: -1 });
    expect(result).toMatchObject({ ok: false, faults: [expect.any(String), expect.any(String), expect.any(String)] });
  });

  it("lets pass just what a cycle has room for", () => {
    const part = fc.record({
      intervalMs: fc.integer({ min: -5, max: 40 }),
      wheelMs: fc.integer({ min: -5, max: 40 }),
      graceMs: fc.integer({ min: -5, max: 40 }),
      slackMs: fc.integer({ min: -5, max: 40 }),
    });
    fc.assert(
      fc.property(part, ({ intervalMs, wheelMs, graceMs, slackMs }) => {
        const isPositive = Math.min(intervalMs, wheelMs, graceMs, slackMs) >= 1;
        const hasRoom = wheelMs < intervalMs && graceMs + slackMs < intervalMs;
        expect(completeTimings({ intervalMs, wheelMs, graceMs, slackMs }).ok).toBe(isPositive && hasRoom);
      }),
    );
  });
});

describe("areContractTimings", () => {
  it("knows the agreed values, however they came together", () => {
    expect(areContractTimings({ ...contract })).toBe(true);
  });

  it.each(keys)("sees another %s", (key) => {
    expect(areContractTimings({ ...contract, [key]: contract[key] + 1 })).toBe(false);
    expect(areContractTimings({ ...contract, [key]: contract[key] - 1 })).toBe(false);
  });
});
