import { describe, expect, it } from "vitest";
import { BOUNDARY, spun, state, WHEEL } from "../../test/scenes.ts";
import { drumPose, runShare, slatsOf } from "./motion.ts";
import { slatAt } from "./slats.ts";

const at = (ms: number): string => new Date(BOUNDARY + ms).toISOString();
const spinning = state({ spinPhase: "spinning", phaseEndsAt: at(10_000), candidate: "Норинн" });
const middle = (position: number, wheel = WHEEL): string => slatAt(slatsOf(wheel), Math.round(position));

describe("the running drum", () => {
  it("stands on the real candidate exactly at the end of the wheel time, and not before", () => {
    const end = drumPose(spinning, BOUNDARY + 10_000, false);
    expect(end).toMatchObject({ isRunning: false, isChosen: true });
    expect(middle(end.position)).toBe("Норинн");
    const last = drumPose(spinning, BOUNDARY + 9_999, false);
    expect(last.isRunning).toBe(true);
    expect(last.position).toBeCloseTo(end.position, 3);
  });

  it.each(WHEEL)("can stop on %s", (candidate) => {
    const pose = drumPose({ ...spinning, candidate }, BOUNDARY + 10_000, false);
    expect(middle(pose.position)).toBe(candidate);
  });

  it("is at the same place for everybody at the same moment of the server", () => {
    const now = BOUNDARY + 4_321;
    const latecomer = { ...spinning, serverNow: at(4_000), poolParticipantCount: 3 };
    expect(drumPose(latecomer, now, false)).toEqual(drumPose(spinning, now, false));
  });

  it("only ever runs forward, at an even speed for two thirds, then slower and slower", () => {
    const positions = Array.from({ length: 101 }, (_, i) => drumPose(spinning, BOUNDARY + i * 100, false).position);
    const steps = positions.slice(1).map((position, i) => position - (positions[i] ?? 0));
    for (const step of steps) expect(step).toBeGreaterThan(0);
    const [first = 0] = steps;
    for (const step of steps.slice(0, 66)) expect(step).toBeCloseTo(first, 6);
    const braking = steps.slice(67);
    for (const [i, step] of braking.entries()) if (i > 0) expect(step).toBeLessThan(braking[i - 1] ?? 0);
  });

  it("has run its whole way at the end, whatever is asked beyond", () => {
    expect([runShare(-1), runShare(0), runShare(1), runShare(2)]).toEqual([0, 0, 1, 1]);
  });

  it("runs with a single name, too", () => {
    const lonely = { ...spinning, wheel: ["Норинн"] };
    expect(middle(drumPose(lonely, BOUNDARY + 10_000, false).position, ["Норинн"])).toBe("Норинн");
  });
});

describe("the drum of those who want no motion", () => {
  it("changes once, at the end", () => {
    const poses = [1_000, 5_000, 9_999].map((ms) => drumPose(spinning, BOUNDARY + ms, true));
    expect(new Set(poses.map(({ position }) => position)).size).toBe(1);
    expect(middle(poses[0]?.position ?? 0)).not.toBe("Норинн");
    expect(middle(drumPose(spinning, BOUNDARY + 10_000, true).position)).toBe("Норинн");
  });

  it("does not creep between draws", () => {
    const resting = state();
    expect(drumPose(resting, BOUNDARY + 50_000, true)).toEqual(drumPose(resting, BOUNDARY + 90_000, true));
  });
});

describe("the drum after the run", () => {
  it("stays on the candidate while the game is asked, and on the winner while the result is shown", () => {
    const checking = state({ spinPhase: "verification", candidate: "Mirabel" });
    expect(middle(drumPose(checking, BOUNDARY + 60_000, false).position)).toBe("Mirabel");
    const completed = state({ spinPhase: "completed", phaseEndsAt: at(80_000), lastSpin: spun("won", "Осень") });
    expect(middle(drumPose(completed, BOUNDARY + 79_000, false).position)).toBe("Осень");
  });

  it("creeps on, one slat at a time, and rests in between", () => {
    const poses = [1, 2, 3].map((n) => drumPose(state(), BOUNDARY + n * 4_000 + 2_000, false).position);
    expect(poses.map((position) => position - (poses[0] ?? 0))).toEqual([0, 1, 2]);
  });
});
