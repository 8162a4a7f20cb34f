import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../test/fake-clock.ts";
import type { Need } from "./pace.ts";
import { Reader, type ReadResult } from "./reader.ts";

const PACE: Readonly<Record<Need, number>> = {
  state: 5_000,
  membership: 60_000,
  payout: 12_000,
  gift: 45_000,
  dashboard: 15_000,
  version: 1_800_000,
};

let clock: FakeClock;
let reads: { need: Need; at: number }[];
let result: ReadResult;
let chance: number;
let reader: Reader;
beforeEach(() => {
  clock = new FakeClock();
  reads = [];
  result = { kind: "done" };
  chance = 0.5;
  reader = new Reader({
    read: async (need) => {
      reads.push({ need, at: clock.now() });
      return result;
    },
    dueAt: (need, lastAt) => lastAt + PACE[need],
    now: () => clock.now(),
    random: () => chance,
    after: (ms, run) => clock.after(ms, run),
  });
});
const timesOf = (need: Need): number[] => reads.filter((one) => one.need === need).map(({ at }) => at);
const gaps = (): number[] => reads.slice(1).map(({ at }, i) => at - (reads[i]?.at ?? 0));

describe("reading what is due", () => {
  it("begins with everything that is followed, one at a time, and keeps each pace", async () => {
    reader.follow(["state", "membership", "payout"]);
    expect(reads).toEqual([]);
    reader.resume();
    await clock.advance(0);
    expect(reads.map(({ need }) => need)).toEqual(["state", "payout", "membership"]);
    await clock.advance(30_000);
    expect(timesOf("state")).toEqual([0, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000]);
    expect(timesOf("payout")).toEqual([0, 12_000, 24_000]);
  });

  it("never reads more than twenty times in any minute, however much is wanted", async () => {
    reader.follow(["state", "membership", "payout", "gift", "version"]);
    reader.resume();
    for (let i = 0; i < 600; i++) {
      reader.want("state", 0);
      reader.want("membership", 0);
      await clock.advance(500);
    }
    for (const { at } of reads) {
      expect(reads.filter((one) => one.at > at - 60_000 && one.at <= at).length).toBeLessThanOrEqual(20);
    }
    expect(reads.length).toBeGreaterThanOrEqual(95);
  });

  it("reads a wish within its time, and keeps a distance to the last read of the same", async () => {
    reader.follow(["membership"]);
    reader.resume();
    await clock.advance(10_000);
    reader.want("membership", 8_000);
    await clock.advance(8_000);
    expect(timesOf("membership")).toEqual([0, 14_000]);
    reader.want("payout", 0);
    await clock.advance(5_000);
    expect(timesOf("payout")).toEqual([]);
  });

  it("stops when hidden, and reads at once what became due meanwhile", async () => {
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(1_000);
    reader.pause();
    await clock.advance(600_000);
    expect(reads).toHaveLength(1);
    reader.resume();
    await clock.advance(0);
    expect(reads).toHaveLength(2);
    await clock.advance(4_999);
    expect(reads).toHaveLength(2);
  });
});

describe("when the server cannot", () => {
  it("waits longer and longer, up to a minute, and is back at its pace after the first answer", async () => {
    result = { kind: "later", retryAfterMs: 0 };
    chance = 1;
    reader.follow(["state", "membership", "payout"]);
    reader.resume();
    await clock.advance(400_000);
    expect(gaps().slice(0, 8)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(reader.heldUntil).not.toBeNull();
    result = { kind: "done" };
    await clock.advance(60_000);
    expect(reader.heldUntil).toBeNull();
    const before = timesOf("state").length;
    await clock.advance(10_000);
    expect(timesOf("state").length).toBe(before + 2);
  });

  it("leaves half of each pause to chance, so that nobody comes back in step", async () => {
    result = { kind: "later", retryAfterMs: 0 };
    chance = 0;
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(20_000);
    expect(gaps().slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it("waits as long as it was told, and a little longer for the sake of others", async () => {
    result = { kind: "later", retryAfterMs: 20_000 };
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(60_000);
    expect(gaps()[0]).toBe(22_500);
  });

  it("tries again at once when the viewer asks for it, and waits longer if that fails", async () => {
    result = { kind: "later", retryAfterMs: 0 };
    chance = 1;
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(15_000);
    const count = reads.length;
    reader.retryNow();
    await clock.advance(0);
    expect(reads).toHaveLength(count + 1);
    await clock.advance(31_000);
    expect(reads).toHaveLength(count + 1);
  });
});

describe("a clock that is put back", () => {
  const HOUR = 3_600_000;

  it("makes everything due at once, and each keeps its pace from then on", async () => {
    await clock.advance(HOUR);
    reader.follow(["state", "version"]);
    reader.resume();
    await clock.advance(11_000);
    clock.put(-HOUR);
    reads = [];
    reader.startAnew();
    await clock.advance(11_000);
    expect(timesOf("state")).toEqual([11_000, 16_000, 21_000]);
    expect(timesOf("version")).toEqual([11_000]);
  });

  it("ends a pause after a failure, whose end it has moved away", async () => {
    await clock.advance(HOUR);
    result = { kind: "later", retryAfterMs: 0 };
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(20_000);
    result = { kind: "done" };
    clock.put(-HOUR);
    reads = [];
    reader.startAnew();
    await clock.advance(0);
    expect(reads).toHaveLength(1);
    expect(reader.heldUntil).toBeNull();
  });

  it("has what was under way meanwhile read again: its times are of two clocks", async () => {
    let answer: () => void = () => undefined;
    reader = new Reader({
      read: (need) => {
        reads.push({ need, at: clock.now() });
        return new Promise((resolve) => {
          answer = () => resolve({ kind: "done" });
        });
      },
      dueAt: (need, lastAt) => lastAt + PACE[need],
      now: () => clock.now(),
      random: () => chance,
      after: (ms, run) => clock.after(ms, run),
    });
    await clock.advance(HOUR);
    reader.follow(["state"]);
    reader.resume();
    await clock.advance(0);
    clock.put(-HOUR);
    reader.startAnew();
    answer();
    await clock.advance(0);
    expect(timesOf("state")).toEqual([HOUR, 0]);
  });
});

describe("what is refused for good", () => {
  it("is left alone for two minutes, while everything else goes on", async () => {
    reader = new Reader({
      read: async (need) => {
        reads.push({ need, at: clock.now() });
        return { kind: need === "gift" ? "never" : "done" };
      },
      dueAt: (need, lastAt) => lastAt + PACE[need],
      now: () => clock.now(),
      random: () => chance,
      after: (ms, run) => clock.after(ms, run),
    });
    reader.follow(["state", "gift"]);
    reader.resume();
    await clock.advance(119_000);
    expect(timesOf("gift")).toEqual([0]);
    expect(timesOf("state").length).toBeGreaterThan(20);
    await clock.advance(2_000);
    expect(timesOf("gift")).toEqual([0, 120_000]);
  });
});
