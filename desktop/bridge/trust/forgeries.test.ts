import { describe, expect, it } from "vitest";
import { runForgedLog } from "../../test/forged-log-run.ts";

/* `npm run bench:forged-lines` does the same with a million lines. */

const SEEDS = { enUS: 20_260_404, ruRU: 20_260_405 } as const;

describe("fifty thousand forged lines with the addon's own in between", () => {
  it.each([
    ["enUS", "Mimiron"],
    ["ruRU", "Мимирон"],
  ] as const)("in the words of the %s client", { timeout: 120_000 }, async (locale, character) => {
    const scene = {
      locale,
      character,
      key: "0123456789abcdef",
      spentKey: "fedcba9876543210",
      spentNonce: "a".repeat(32),
    };
    const outcome = await runForgedLog(scene, SEEDS[locale], 50_000);
    expect(outcome).toMatchObject({ forged: 50_000, acceptedForgeries: [], missedGenuine: [], strayConsequences: [] });
    expect(outcome.genuine).toBeGreaterThan(500);
  });
});
