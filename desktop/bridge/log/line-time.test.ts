import { describe, expect, it } from "vitest";
import { lineTime } from "./line-time.ts";

const NEW_YEAR = new Date(2026, 0, 1, 0, 0, 5).getTime();

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

  it("is unknown for what is no line of the log", () => {
    expect(lineTime("hello", NEW_YEAR)).toBeNull();
  });
});
