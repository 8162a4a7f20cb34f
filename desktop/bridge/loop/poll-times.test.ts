import { describe, expect, it } from "vitest";
import { nextPollAt, type SpinTimes, spinTimesOf } from "./poll-times.ts";

const EVERY_FIVE_MINUTES: SpinTimes = { nextSpinAt: null, isPaused: true, intervalMs: 300_000, aheadMs: 0 };

describe("polling", () => {
  it("comes after its pause, and a second after each boundary", () => {
    const next = (lastPollAt: number, pollMs: number) => nextPollAt(lastPollAt, pollMs, EVERY_FIVE_MINUTES);
    expect(next(100_000, 15_000)).toBe(115_000);
    expect(next(290_000, 15_000)).toBe(301_000);
    expect(next(300_500, 15_000)).toBe(301_000);
    expect(next(301_000, 15_000)).toBe(316_000);
    expect(next(310_000, 600_000)).toBe(601_000);
  });

  it("meets the server's boundaries, however wrong this machine's clock is", () => {
    const ahead = { ...EVERY_FIVE_MINUTES, aheadMs: 7_000 };
    expect(nextPollAt(290_000, 60_000, ahead)).toBe(308_000);
    expect(nextPollAt(308_000, 60_000, ahead)).toBe(368_000);
    expect(nextPollAt(290_000, 60_000, { ...EVERY_FIVE_MINUTES, aheadMs: -7_000 })).toBe(294_000);
  });

  it("comes after its pause while nothing is known of the spins", () => {
    expect(nextPollAt(299_000, 15_000, null)).toBe(314_000);
  });
});

describe("the times of the spins", () => {
  const beat = {
    active: true,
    activeDesktopId: null,
    activeSince: null,
    serverNow: "2026-04-04T12:01:00.000Z",
    nextSpinAt: "2026-04-04T12:05:00.000Z",
    spinIntervalSeconds: 300,
    paused: false,
  };
  const now = Date.parse("2026-04-04T12:01:07.000Z");

  it("are told in this machine's time", () => {
    expect(spinTimesOf(beat, now)).toEqual({
      nextSpinAt: Date.parse("2026-04-04T12:05:07.000Z"),
      isPaused: false,
      intervalMs: 300_000,
      aheadMs: 7_000,
    });
  });

  it("have no next one while paused", () => {
    expect(spinTimesOf({ ...beat, nextSpinAt: null, paused: true }, now)).toMatchObject({
      nextSpinAt: null,
      isPaused: true,
    });
  });

  it("are unknown where the API does not tell them", () => {
    expect(spinTimesOf({ active: true, activeDesktopId: null, activeSince: null }, now)).toBeNull();
  });
});
