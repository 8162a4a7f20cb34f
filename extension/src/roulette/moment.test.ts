import { describe, expect, it } from "vitest";
import { BOUNDARY, NOW, state } from "../../test/scenes.ts";
import { momentAt, overdueAt } from "./moment.ts";

const at = (ms: number): string => new Date(BOUNDARY + ms).toISOString();
const spinning = state({ spinPhase: "spinning", phaseEndsAt: at(10_000), candidate: "Норинн" });

describe("what the clock makes of a snapshot", () => {
  it("lets the wheel stop, then the search go on, until the next boundary", () => {
    expect(momentAt(spinning, BOUNDARY + 9_999)).toMatchObject({ phase: "spinning", isOverdue: false });
    expect(momentAt(spinning, BOUNDARY + 10_000)).toMatchObject({ phase: "verification", isOverdue: true });
    expect(momentAt(spinning, BOUNDARY + 299_999).phase).toBe("verification");
    expect(momentAt(spinning, BOUNDARY + 300_000)).toMatchObject({ phase: "drawing", isOverdue: true });
  });

  it("puts a result away when its time is over, without asking anybody", () => {
    const completed = state({ spinPhase: "completed", phaseEndsAt: at(40_000) });
    expect(momentAt(completed, BOUNDARY + 39_999).phase).toBe("completed");
    expect(momentAt(completed, BOUNDARY + 40_000)).toMatchObject({ phase: "collecting", isOverdue: false });
  });

  it("knows a boundary whose draw is not stored yet from the time between draws", () => {
    expect(momentAt(state({ phaseEndsAt: null, currentSpinCycleId: null }), NOW).phase).toBe("drawing");
    expect(momentAt(state(), NOW).phase).toBe("collecting");
  });

  it("counts down to nothing while paused", () => {
    const paused = state({ spinPhase: "idle", paused: true, nextSpinAt: null, phaseEndsAt: null });
    expect(momentAt(paused, NOW + 86_400_000)).toMatchObject({ phase: "paused", nextSpinAt: null, isOverdue: false });
    expect(momentAt(state({ spinPhase: "idle" }), NOW).phase).toBe("idle");
  });

  it("says when a newer snapshot is due", () => {
    expect(overdueAt(spinning)).toBe(BOUNDARY + 10_000);
    expect(overdueAt(state())).toBe(BOUNDARY + 300_000);
    expect(overdueAt(state({ spinPhase: "idle", nextSpinAt: null, phaseEndsAt: null }))).toBeNull();
  });
});
