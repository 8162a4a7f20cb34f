import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, isId, parseInstant } from "./instant.ts";

const NOON = Date.UTC(2026, 3, 4, 12, 0, 0);

describe("parseInstant", () => {
  it.each([
    ["2026-04-04T12:00:00Z", NOON],
    ["2026-04-04T12:00:00.1Z", NOON + 100],
    ["2026-04-04T12:00:00.12Z", NOON + 120],
    ["2026-04-04T12:00:00.123Z", NOON + 123],
    ["2026-04-04T12:00:00.1239Z", NOON + 123],
    ["2026-04-04T12:00:00.123456789Z", NOON + 123],
    ["2026-04-04T12:00:00.999999999Z", NOON + 999],
    ["2026-04-04T12:00:00.00000000000000000000000000000001Z", NOON],
    ["1970-01-01T00:00:00.000Z", 0],
    ["1969-12-31T23:59:59.999Z", -1],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ])("reads %s", (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    "",
    "now",
    "1775304000000",
    "2026-04-04",
    "2026-04-04T12:00Z",
    "2026-04-04T12:00:00",
    "2026-04-04T12:00:00.Z",
    "2026-04-04T12:00:00,5Z",
    "2026-04-04T12:00:00+00:00",
    "2026-04-04T12:00:00.000+02:00",
    "2026-04-04t12:00:00Z",
    "2026-04-04T12:00:00z",
    "2026-04-04 12:00:00Z",
    " 2026-04-04T12:00:00Z",
    "2026-04-04T12:00:00Z\n",
    "+002026-04-04T12:00:00Z",
    "2026-00-04T12:00:00Z",
    "2026-13-04T12:00:00Z",
    "2026-04-00T12:00:00Z",
    "2026-04-04T25:00:00Z",
    "2026-04-04T12:60:00Z",
    "2026-04-04T12:00:60Z",
    "٢٠٢٦-04-04T12:00:00Z",
  ])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeNull();
  });

  it.each(["2026-02-29T00:00:00Z", "2026-02-30T12:00:00.5Z", "2026-04-31T00:00:00Z", "2026-04-04T24:00:00Z"])(
    "does not roll %s over into another day",
    (text) => {
      expect(parseInstant(text)).toBeNull();
    },
  );
});

describe("formatInstant", () => {
  it("writes UTC with milliseconds", () => {
    expect(formatInstant(NOON)).toBe("2026-04-04T12:00:00.000Z");
    expect(formatInstant(NOON + 7)).toBe("2026-04-04T12:00:00.007Z");
  });

  it("writes what is read back as the same moment", () => {
    const times = fc.integer({ min: Date.UTC(0, 0, 1), max: Date.UTC(9999, 11, 31) });
    fc.assert(fc.property(times, (time) => parseInstant(formatInstant(time)) === time));
  });
});

describe("isId", () => {
  it.each([
    "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ])("takes %s, whatever its version", (text) => {
    expect(isId(text)).toBe(true);
  });

  it.each([
    "",
    "1",
    "6f9619ff8b86d011b42d00c04fc964ff",
    "6f9619ff-8b86-d011-b42d-00c04fc964f",
    "6f9619ff-8b86-d011-b42d-00c04fc964fff",
    "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
    "6f9619fg-8b86-d011-b42d-00c04fc964ff",
    "6f9619ff-8b86-d011-b42d-00c04fc964ff\n",
    " 6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "6f96-19ff8b86-d011-b42d-00c04fc964ff",
  ])("refuses %j", (text) => {
    expect(isId(text)).toBe(false);
  });

  it("takes every id", () => {
    fc.assert(fc.property(fc.uuid(), isId));
  });
});
