import { describe, expect, it } from "vitest";
import { SlidingWindows, WINDOW_MS } from "./sliding-windows.ts";

const START = 1_000_000;

describe("a sliding minute", () => {
  it("lets through exactly the limit, and says what is left and until when", () => {
    const windows = new SlidingWindows(10);
    expect(windows.count("a", 3, START)).toEqual({ passed: true, limit: 3, remaining: 2, resetMs: 60_000 });
    expect(windows.count("a", 3, START + 10_000)).toEqual({ passed: true, limit: 3, remaining: 1, resetMs: 50_000 });
    expect(windows.count("a", 3, START + 20_000)).toMatchObject({ passed: true, remaining: 0 });
    expect(windows.count("a", 3, START + 20_000)).toEqual({ passed: false, limit: 3, remaining: 0, resetMs: 40_000 });
  });

  it("makes room one by one, a minute after each request, not all at once", () => {
    const windows = new SlidingWindows(10);
    for (const at of [0, 30_000, 59_000]) windows.count("a", 3, START + at);
    const passedAt = (at: number) => windows.count("a", 3, START + at).passed;
    expect(passedAt(59_999)).toBe(false);
    expect(passedAt(60_000)).toBe(true);
    expect(passedAt(60_001)).toBe(false);
    expect(passedAt(89_999)).toBe(false);
    expect(passedAt(90_000)).toBe(true);
    expect(passedAt(90_001)).toBe(false);
    expect(passedAt(119_000)).toBe(true);
  });

  it("never holds more than the limit in any minute, and refuses nothing that fits", () => {
    const windows = new SlidingWindows(10);
    const limit = 7;
    const passed: number[] = [];
    for (let at = START; at < START + 10 * WINDOW_MS; at += 1 + ((at * 7919) % 9_973)) {
      const within = passed.filter((earlier) => earlier > at - WINDOW_MS).length;
      const verdict = windows.count("a", limit, at);
      expect(verdict.passed).toBe(within < limit);
      if (verdict.passed) passed.push(at);
      else expect(windows.count("a", limit, at + verdict.resetMs - 1).passed).toBe(false);
    }
    expect(passed.length).toBeGreaterThan(60);
  });

  it("does not count what it refuses: who waits as long as it says gets through", () => {
    const windows = new SlidingWindows(10);
    for (let i = 0; i < 3; i++) windows.count("a", 3, START);
    for (let at = 1_000; at < 60_000; at += 1_000) {
      expect(windows.count("a", 3, START + at)).toMatchObject({ passed: false, resetMs: 60_000 - at });
    }
    expect(windows.count("a", 3, START + 60_000).passed).toBe(true);
  });

  it("counts each subject for itself", () => {
    const windows = new SlidingWindows(10);
    expect(windows.count("a", 1, START).passed).toBe(true);
    expect(windows.count("a", 1, START).passed).toBe(false);
    expect(windows.count("b", 1, START).passed).toBe(true);
  });

  it("puts what passed elsewhere in its place, and says when enough of it has left", () => {
    const windows = new SlidingWindows(10);
    windows.count("a", 3, START + 20_000);
    for (const at of [10_000, 15_000, 5_000, 20_000]) windows.add("a", START + at);
    expect(windows.count("a", 3, START + 30_000)).toEqual({ passed: false, limit: 3, remaining: 0, resetMs: 45_000 });
    expect(windows.count("a", 3, START + 74_999).passed).toBe(false);
    expect(windows.count("a", 3, START + 75_000).passed).toBe(true);
  });

  it("forgets who is quiet, and with too many subjects the one it knows longest", () => {
    const windows = new SlidingWindows(2);
    windows.count("a", 1, START);
    windows.count("b", 1, START + 30_000);
    windows.count("c", 1, START + 30_000);
    expect(windows.subjectCount).toBe(2);
    expect(windows.count("b", 1, START + 40_000).passed).toBe(false);
    windows.forgetQuiet(START + 89_999);
    expect(windows.subjectCount).toBe(2);
    windows.forgetQuiet(START + 90_000);
    expect(windows.subjectCount).toBe(0);
  });
});

describe("the traffic of a full channel", () => {
  it("never meets a limit: 40 panels that poll, and a desktop that asks everything every second", () => {
    const windows = new SlidingWindows(1_000);
    const refused: string[] = [];
    const ask = (subject: string, limit: number, now: number) => {
      if (!windows.count(subject, limit, now).passed) refused.push(`${subject} at ${now}`);
    };
    for (let second = 0; second < 600; second++) {
      const now = START + second * 1_000;
      for (let viewer = 0; viewer < 40; viewer++) {
        const turn = second + viewer;
        if (turn % 5 === 0) ask(`viewer ${viewer}`, 60, now);
        // Membership, last payout and gift queue.
        if (turn % 15 === 0) for (let route = 0; route < 3; route++) ask(`viewer ${viewer}`, 60, now);
      }
      // Heartbeat, candidate, payouts and gifts.
      for (let route = 0; route < 4; route++) ask("desktop", 600, now);
    }
    expect(refused).toEqual([]);
  });
});
