import { afterEach, describe, expect, it } from "vitest";
import { lineTime } from "./line-time.ts";

const NEW_YEAR = new Date(2026, 0, 1, 0, 0, 5).getTime();

const timeZone = process.env.TZ;
afterEach(() => {
  if (timeZone === undefined) delete process.env.TZ;
  else process.env.TZ = timeZone;
});

describe("the time of a line", () => {
  it("is local time of the latest year that is not of the future", () => {
    expect(lineTime("1/1 00:00:01.250  x", NEW_YEAR)).toBe(new Date(2026, 0, 1, 0, 0, 1, 250).getTime());
    expect(lineTime("12/31 23:59:59.000  x", NEW_YEAR)).toBe(new Date(2025, 11, 31, 23, 59, 59).getTime());
    expect(lineTime("7/4 12:00:00.000  x", NEW_YEAR)).toBe(new Date(2025, 6, 4, 12).getTime());
  });

  it("may be a little ahead of our clock, over the end of a year too", () => {
    const eve = new Date(2025, 11, 31, 23, 59, 59).getTime();
    expect(lineTime("1/1 00:00:01.000  x", eve)).toBe(new Date(2026, 0, 1, 0, 0, 1).getTime());
  });

  it("is in the second pass of an hour that comes twice as soon as that has come", () => {
    process.env.TZ = "Europe/Berlin";
    const [first, second] = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map((at) => Date.parse(at)) as [
      number,
      number,
    ];
    const line = "10/25 02:30:00.000  x";
    expect(lineTime(line, first)).toBe(first);
    expect(lineTime(line, second - 60_000)).toBe(first);
    expect(lineTime(line, second - 1_000)).toBe(second);
    expect(lineTime(line, second + 60_000)).toBe(second);
    expect(lineTime("10/25 01:30:00.000  x", second)).toBe(first - 3_600_000);
  });

  it("is unknown for what is no line of the log", () => {
    expect(lineTime("hello", NEW_YEAR)).toBeNull();
  });
});
