import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./browser.ts";
import type { Played } from "./played-api.ts";
import { type Shown, show } from "./states.ts";

/* When the server cannot, or is not there: what is said, how the pauses grow, and how it ends. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

const trouble = ({ page }: Shown) => page.locator(".card.bad:visible");
/** Distances of requests in milliseconds, from the first that met the trouble on. */
const pauses = (shown: Shown, from: number): number[] => {
  const times = shown.api.asked.slice(from).map(({ at }) => at);
  return times.slice(1).map((time, i) => time - (times[i] ?? 0));
};

const TROUBLES: readonly [string, Played][] = [
  ["429", { status: 429, code: "rate_limited" }],
  ["503", { status: 503, code: "temporarily_unavailable" }],
  ["500", { status: 500, code: "internal" }],
  ["no network", "no network"],
];

describe.each(TROUBLES)("%s", (_, played) => {
  it("is told with what it means for the viewer, and tried again after growing pauses, until it is over", async () => {
    const shown = await show(stage, "panel.html");
    const from = shown.api.asked.length;
    shown.api.trouble(played);
    await shown.clock.advance(200_000, 1_000);
    expect(await trouble(shown).locator("h2").innerText()).not.toBe("");
    // The card about the viewer stays: nothing that is known is taken away.
    expect(await shown.page.locator(".card.you h2").first().innerText()).toContain("Норинн");
    const waited = pauses(shown, from);
    // Each pause lies between half its length and the whole, doubling up to a minute; a second of the test's step on top.
    for (const [i, ms] of waited.entries()) {
      const most = Math.min(60_000, 2_000 * 2 ** i);
      expect(ms).toBeGreaterThanOrEqual(most / 2 - 1_000);
      expect(ms).toBeLessThanOrEqual(most + 1_000);
    }
    expect(waited.length).toBeLessThanOrEqual(10);
    shown.api.trouble(null);
    await shown.clock.advance(62_000, 1_000);
    expect(await trouble(shown).count()).toBe(0);
    await shown.close();
  });
});

describe("a pause that the server asks for", () => {
  it("is kept, with a button that waits for it too", async () => {
    const shown = await show(stage, "panel.html");
    const from = shown.api.asked.length;
    shown.api.trouble({ status: 429, code: "rate_limited", retryAfter: 30 });
    await shown.clock.advance(32_000, 1_000);
    const again = trouble(shown).locator("button");
    const [first, second] = shown.api.asked.slice(from);
    if (second !== undefined) expect(second.at - (first?.at ?? 0)).toBeGreaterThanOrEqual(30_000);
    await shown.clock.advance(3_000, 1_000);
    expect(await again.isDisabled()).toBe(true);
    expect(shown.api.asked.length).toBeLessThanOrEqual(from + 2);
    await shown.close();
  });
});

describe("the button to try again", () => {
  it("asks at once, and ends the trouble when the server is back", async () => {
    const shown = await show(stage, "panel.html");
    shown.api.trouble({ status: 503, code: "temporarily_unavailable" });
    await shown.clock.advance(60_000, 1_000);
    shown.api.trouble(null);
    const before = shown.api.asked.length;
    await trouble(shown).locator("button").click();
    await shown.clock.advance(250);
    expect(shown.api.asked.length).toBeGreaterThan(before);
    await shown.clock.advance(500);
    expect(await trouble(shown).count()).toBe(0);
    await shown.close();
  });
});

describe("many viewers whom one outage stopped", () => {
  it("do not come back in the same second", async () => {
    const firsts: number[] = [];
    for (let viewer = 0; viewer < 5; viewer++) {
      const shown = await show(stage, "panel.html");
      shown.api.trouble("no network");
      await shown.clock.advance(60_000, 1_000);
      const { at } = shown.api.asked.at(-1) ?? { at: 0 };
      firsts.push(at);
      await shown.close();
    }
    expect(new Set(firsts).size).toBeGreaterThan(2);
  });
});

describe("reading in peace", () => {
  it("is never more than twenty requests a minute", async () => {
    const shown = await show(stage, "panel.html");
    await shown.clock.advance(180_000, 1_000);
    for (const { at } of shown.api.asked) {
      expect(shown.api.asked.filter((one) => one.at > at - 60_000 && one.at <= at).length).toBeLessThanOrEqual(20);
    }
    await shown.close();
  });
});

describe("identity", () => {
  it("is asked for on a click, never before", async () => {
    const shown = await show(stage, "panel.html", { user: { role: "viewer", unlinked: "u" } });
    await shown.page.evaluate(() => {
      (window as { asked?: number }).asked = 0;
      window.addEventListener("message", ({ data }) => {
        if (data?.rig === "requestIdShare")
          (window as { asked?: number }).asked = ((window as { asked?: number }).asked ?? 0) + 1;
      });
    });
    await shown.clock.advance(30_000, 1_000);
    expect(await shown.page.evaluate(() => (window as { asked?: number }).asked)).toBe(0);
    expect(shown.api.asked.every(({ path }) => ["/api/roulette/state", "/api/version"].includes(path))).toBe(true);
    await shown.page.locator(".card button:visible").click();
    await expect.poll(() => shown.page.evaluate(() => (window as { asked?: number }).asked)).toBe(1);
    await shown.close();
  });
});
