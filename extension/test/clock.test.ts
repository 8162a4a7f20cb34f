import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, type Stage } from "./browser.ts";
import { BOUNDARY, NOW, spun, state } from "./scenes.ts";
import { type Shown, show } from "./states.ts";

/* Countdown and state by the server's clock, whatever happens to the browser's, to the tab and to pushed messages. */

const STATE = "/api/roulette/state";
const at = (ms: number): string => new Date(BOUNDARY + ms).toISOString();
const NEXT = BOUNDARY + 300_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

const countdown = ({ page }: Shown): Promise<string> =>
  page
    .locator(".clock")
    .innerText()
    .then((text) => text.replace(/\s/g, ""));
const headline = ({ page }: Shown): Promise<string> => page.locator(".headline").innerText();
const middle = ({ page }: Shown): Promise<string | null> => page.locator(".slat.middle text").textContent();
const push = async (shown: Shown, stateVersion: number, pushed: object): Promise<void> => {
  await shown.say({
    rig: "pubsub",
    target: "broadcast",
    message: JSON.stringify({ v: 1, stateVersion, state: pushed }),
  });
  await shown.clock.advance(250);
};

/** An API whose clock goes on with the page's, however far apart they are. */
function serveByClock(
  shown: Shown,
  offMs: number,
  make = (now: number) => state({ serverNow: new Date(now).toISOString() }),
) {
  shown.api.answer(STATE, () => make(shown.clock.now - offMs));
}

describe("a browser's clock that is off", () => {
  it.each([90_000, -90_000])("by %d ms: the countdown is the server's, and so is the drum", async (offMs) => {
    const shown = await show(stage, "panel.html", {}, { localNow: NOW + offMs });
    serveByClock(shown, offMs);
    await shown.clock.advance(20_500, 500);
    const serverNow = shown.clock.now - offMs;
    const seconds = Math.ceil((NEXT - serverNow) / 1000);
    // What the page showed first was said to be NOW 1.5 s ago; an answer since then may have been sharper.
    const [minutes = 0, rest = 0] = (await countdown(shown)).split(":").map(Number);
    expect(Math.abs(minutes * 60 + rest - seconds)).toBeLessThanOrEqual(1);
    await shown.close();
  });
});

describe("a tab that slept for ten minutes", () => {
  it("reads at once when it wakes, and counts down to the right draw", async () => {
    const shown = await show(stage, "panel.html");
    serveByClock(shown, 0, (now) => {
      const boundary = Math.floor(now / 300_000) * 300_000;
      const next = new Date(boundary + 300_000).toISOString();
      return state({ serverNow: new Date(now).toISOString(), nextSpinAt: next, phaseEndsAt: next });
    });
    await shown.clock.advance(3_000);
    const before = shown.api.count(STATE);
    await shown.clock.sleep(600_000);
    await shown.clock.advance(3_000);
    expect(shown.api.count(STATE)).toBeGreaterThan(before);
    expect(shown.api.count(STATE)).toBeLessThanOrEqual(before + 3);
    expect(await countdown(shown)).toBe("3:35");
    await shown.close();
  });

  it("asks for nothing while it is hidden, and for everything when it is seen again", async () => {
    const shown = await show(stage, "panel.html");
    await shown.say({ rig: "visibility", isVisible: false });
    await shown.clock.advance(500);
    const before = shown.api.asked.length;
    await shown.clock.advance(120_000, 5_000);
    expect(shown.api.asked.length).toBe(before);
    await shown.say({ rig: "visibility", isVisible: true });
    await shown.clock.advance(4_000);
    expect(shown.api.asked.slice(before).map(({ path }) => path)).toContain(STATE);
    await shown.close();
  });
});

describe("a clock that is put back by an hour", () => {
  const HOUR = 3_600_000;
  const openServed = async (): Promise<{ shown: Shown; putBack: () => Promise<void> }> => {
    let offMs = HOUR;
    const shown = await show(stage, "panel.html", {}, { localNow: NOW + HOUR });
    shown.api.answer(STATE, () => state({ serverNow: new Date(shown.clock.now - offMs).toISOString() }));
    await shown.clock.advance(6_000, 500);
    const putBack = async (): Promise<void> => {
      offMs = 0;
      await shown.clock.put(-HOUR);
    };
    return { shown, putBack };
  };

  it("stops no reading, and the countdown is the server's again", async () => {
    const { shown, putBack } = await openServed();
    await putBack();
    const before = shown.api.asked.length;
    await shown.clock.advance(3_000, 500);
    const paths = shown.api.asked.slice(before).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([STATE, "/api/pool/me", "/api/payouts/my-last"]));
    const [minutes = 0, rest = 0] = (await countdown(shown)).split(":").map(Number);
    expect(Math.abs(minutes * 60 + rest - (NEXT - shown.clock.now) / 1000)).toBeLessThanOrEqual(1);
    const reads = shown.api.count(STATE);
    await shown.clock.advance(40_000, 1_000);
    expect(shown.api.count(STATE)).toBeGreaterThan(reads);
    await shown.close();
  });

  it("leaves no message so new that reading waits for an hour", async () => {
    const { shown, putBack } = await openServed();
    await push(shown, 1, state());
    await putBack();
    await shown.clock.advance(3_000, 500);
    const reads = shown.api.count(STATE);
    await shown.clock.advance(40_000, 1_000);
    expect(shown.api.count(STATE)).toBeGreaterThan(reads);
    await shown.close();
  });
});

describe("pushed messages", () => {
  const spinning = {
    ...state(),
    spinPhase: "spinning",
    nextSpinAt: at(600_000),
    phaseEndsAt: at(310_000),
    candidate: "Норинн",
  };
  const checking = { ...spinning, spinPhase: "verification", phaseEndsAt: at(600_000) };
  const completed = {
    ...checking,
    spinPhase: "completed",
    candidate: null,
    phaseEndsAt: at(345_000),
    lastSpin: spun("won", "Норинн"),
  };
  const openBefore = async (): Promise<Shown> => {
    const shown = await show(stage, "panel.html", {
      answers: { [STATE]: state({ serverNow: at(299_000) }) },
    });
    return shown;
  };

  it("lead through a draw without one read of the state, and the drum stands on the candidate at its end", async () => {
    const shown = await openBefore();
    await push(shown, 1, { ...state(), poolParticipantCount: 77 });
    expect(await shown.page.locator(".top p").innerText()).toContain("77");
    await push(shown, 2, spinning);
    const reads = shown.api.count(STATE);
    await shown.clock.advance(4_000, 500);
    const running = await headline(shown);
    await push(shown, 3, checking);
    await shown.clock.advance(8_000, 500);
    expect(await headline(shown)).not.toBe(running);
    expect(await middle(shown)).toBe("Норинн");
    await push(shown, 4, completed);
    expect(await headline(shown)).toContain("Норинн");
    expect(shown.api.count(STATE)).toBe(reads);
    await shown.close();
  });

  it("that come twice, late or in another order change nothing", async () => {
    const shown = await openBefore();
    await push(shown, 5, completed);
    const told = await headline(shown);
    for (const [version, stale] of [
      [5, spinning],
      [3, spinning],
      [4, checking],
      [6, checking],
    ] as const) {
      await push(shown, version, stale);
      expect(await headline(shown)).toBe(told);
    }
    await shown.close();
  });

  it("that were lost are missed within seconds of their time, and the state is read instead", async () => {
    const shown = await openBefore();
    await push(shown, 1, state());
    const reads = shown.api.count(STATE);
    shown.api.answer(STATE, () => ({
      ...checking,
      serverNow: new Date(shown.clock.now - NOW + BOUNDARY + 299_000).toISOString(),
    }));
    await shown.clock.advance(8_000, 500);
    expect(shown.api.count(STATE)).toBeGreaterThan(reads);
    expect(await headline(shown)).toContain("Норинн");
    await shown.close();
  });
});

describe("less motion", () => {
  it("is a drum that changes once, when the wheel's time is over", async () => {
    const spinning = state({
      spinPhase: "spinning",
      candidate: "Норинн",
      phaseEndsAt: new Date(NOW + 5_000).toISOString(),
    });
    const shown = await show(stage, "panel.html", { answers: { [STATE]: spinning } }, { isStill: true });
    const before = await middle(shown);
    await shown.clock.advance(2_000, 500);
    expect(await middle(shown)).toBe(before);
    await shown.clock.advance(2_500, 500);
    expect(await middle(shown)).toBe("Норинн");
    await shown.close();
  });
});
