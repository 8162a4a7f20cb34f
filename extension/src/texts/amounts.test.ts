import { describe, expect, it } from "vitest";
import { countdown, duration, moment, roughly } from "./amounts.ts";
import en from "./en.json";

describe("amounts", () => {
  it.each([
    [222_000, "3:42"],
    [221_001, "3:42"],
    [1, "0:01"],
    [0, "0:00"],
    [-5_000, "0:00"],
    [3_600_000, "60:00"],
  ])("%d ms are %s", (ms, shown) => expect(countdown(ms)).toBe(shown));

  it("says lengths of time in words", () => {
    expect([duration("en", 300), duration("en", 15), duration("ru", 300)]).toEqual([
      "5 minutes",
      "15 seconds",
      "5 минут",
    ]);
    expect([roughly("en", 5), roughly("en", 130)]).toEqual(["1 minute", "2 minutes"]);
  });

  it("says today and tomorrow by the viewer's own calendar", () => {
    const noon = new Date(2026, 3, 4, 12).getTime();
    const told = (hours: number) => moment(en, "en", noon + hours * 3_600_000, noon);
    expect(told(2)).toBe(en.when.today.replace("{time}", "2:00 PM"));
    expect(told(24)).toBe(en.when.tomorrow.replace("{time}", "12:00 PM"));
    expect(told(49)).not.toContain("{");
  });
});
