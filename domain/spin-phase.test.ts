import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SpinOutcome } from "./spin-cycle.ts";
import { outcomeVisibleFrom, type PhaseInput, type SpinPhase, spinPhase } from "./spin-phase.ts";
import { CONTRACT_TIMINGS } from "./timings.ts";

const B = Date.UTC(2026, 3, 4, 12, 0, 0);
const NEXT = 300_000;

/** What is stored of the cycle; times in milliseconds after the boundary. */
interface Stored {
  readonly drawn?: number;
  readonly nobody?: true;
  readonly outcome?: readonly [SpinOutcome, number];
  readonly skipped?: true;
  readonly paused?: true;
}

function input(stored: Stored, now: number): PhaseInput {
  return {
    boundary: B,
    drawnAt: stored.drawn === undefined ? null : B + stored.drawn,
    hasCandidate: stored.drawn !== undefined && stored.nobody === undefined,
    outcome: stored.outcome?.[0] ?? null,
    outcomeAt: stored.outcome === undefined ? null : B + stored.outcome[1],
    skipped: stored.skipped ?? false,
    paused: stored.paused ?? false,
    timings: CONTRACT_TIMINGS,
    now: B + now,
  };
}

const nobody: Stored = { drawn: 1_000, nobody: true, outcome: ["nobody_eligible", 1_000] };
const missed: Stored = { outcome: ["missed", 35_000] };
const early: Stored = { drawn: 1_000, outcome: ["won", 4_000] };
const decided: Stored = { drawn: 1_000, outcome: ["offline", 60_000] };
const last: Stored = { drawn: 1_000, outcome: ["won", 290_000] };
const paused: Stored = { skipped: true, paused: true };

describe("spinPhase", () => {
  it.each<[string, Stored, number, SpinPhase, number | null]>([
    ["no draw yet, at the boundary", {}, 0, "collecting", null],
    ["no draw yet, as long as one may be stored", {}, 30_000, "collecting", null],
    ["no draw by then", {}, 30_001, "idle", NEXT],
    ["no draw at all", {}, 299_999, "idle", NEXT],
    ["missed", missed, 35_000, "idle", NEXT],
    ["missed, told early", { outcome: ["missed", 10] }, 20, "idle", NEXT],
    ["nobody was eligible", nobody, 1_000, "idle", NEXT],
    ["nobody was eligible, later", nobody, 299_999, "idle", NEXT],
    ["drawn at once", { drawn: 0 }, 0, "spinning", 10_000],
    ["the wheel runs", { drawn: 1_000 }, 9_999, "spinning", 10_000],
    ["the wheel runs, an outcome is there", early, 5_000, "spinning", 10_000],
    ["the wheel has stopped", { drawn: 1_000 }, 10_000, "verification", NEXT],
    ["drawn after the wheel", { drawn: 20_000 }, 20_000, "verification", NEXT],
    ["drawn at the last moment", { drawn: 30_000 }, 30_001, "verification", NEXT],
    ["no outcome until the next boundary", { drawn: 1_000 }, 299_999, "verification", NEXT],
    ["the early outcome is shown from the wheel's end", early, 10_000, "completed", 40_000],
    ["the early outcome, last moment", early, 39_999, "completed", 40_000],
    ["after the early outcome", early, 40_000, "collecting", NEXT],
    ["an outcome when the wheel stops", { drawn: 0, outcome: ["won", 10_000] }, 10_000, "completed", 40_000],
    ["a later outcome", decided, 60_000, "completed", 90_000],
    ["a later outcome, last moment", decided, 89_999, "completed", 90_000],
    ["after a later outcome", decided, 90_000, "collecting", NEXT],
    ["until the next boundary", decided, 299_999, "collecting", NEXT],
    ["a refused winner", { drawn: 0, outcome: ["refused", 60_000] }, 61_000, "completed", 90_000],
    ["an outcome that the next boundary cuts", last, 290_000, "completed", NEXT],
    ["an outcome that it cuts, last moment", last, 299_999, "completed", NEXT],
    ["an outcome that ends on it", { drawn: 0, outcome: ["won", 270_000] }, 299_999, "completed", NEXT],
    ["a skipped boundary", paused, 0, "idle", null],
    ["a skipped boundary, later", paused, 299_999, "idle", null],
    ["a skipped boundary, not paused any more", { skipped: true }, 5_000, "idle", NEXT],
    ["paused, the skip is not recorded yet", { paused: true }, 100, "idle", null],
    ["paused after the draw, the wheel runs", { drawn: 1_000, paused: true }, 5_000, "spinning", 10_000],
    ["paused after the draw, no outcome", { drawn: 1_000, paused: true }, 50_000, "verification", NEXT],
    ["paused after the draw, an outcome", { ...decided, paused: true }, 60_000, "completed", 90_000],
    ["paused after the draw, later", { ...decided, paused: true }, 200_000, "collecting", NEXT],
    ["paused after nobody was eligible", { ...nobody, paused: true }, 50_000, "idle", null],
    ["paused after a miss", { ...missed, paused: true }, 50_000, "idle", null],
  ])("%s (%j at %d) is %s", (_, stored, now, phase, endsAt) => {
    expect(spinPhase(input(stored, now))).toEqual({ phase, endsAt: endsAt === null ? null : B + endsAt });
  });

  it("takes the cycle's own timings", () => {
    const timings = { ...CONTRACT_TIMINGS, intervalMs: 3_000, wheelMs: 500, graceMs: 1_000, resultMs: 700 };
    const at = (stored: Stored, now: number) => spinPhase({ ...input(stored, now), timings });
    expect(at({ drawn: 10 }, 499)).toEqual({ phase: "spinning", endsAt: B + 500 });
    expect(at({ drawn: 10 }, 500)).toEqual({ phase: "verification", endsAt: B + 3_000 });
    expect(at({ drawn: 10, outcome: ["won", 600] }, 1_299)).toEqual({ phase: "completed", endsAt: B + 1_300 });
    expect(at({ drawn: 10, outcome: ["won", 2_900] }, 2_950)).toEqual({ phase: "completed", endsAt: B + 3_000 });
    expect(at({}, 1_001)).toEqual({ phase: "idle", endsAt: B + 3_000 });
  });

  const anyTimings = fc
    .record({
      intervalMs: fc.integer({ min: 20, max: 400 }),
      wheelMs: fc.integer({ min: 1, max: 19 }),
      graceMs: fc.integer({ min: 1, max: 10 }),
      slackMs: fc.integer({ min: 1, max: 9 }),
      resultMs: fc.integer({ min: 1, max: 500 }),
    })
    .map((some) => ({ ...CONTRACT_TIMINGS, ...some }));

  /** Any story that can happen: no draw after the grace, no outcome before the draw, what is to come is not known. */
  const anyInput: fc.Arbitrary<PhaseInput> = anyTimings.chain((timings) =>
    fc
      .record({
        now: fc.nat(timings.intervalMs - 1),
        drawn: fc.option(fc.nat(timings.graceMs)),
        ended: fc.option(fc.nat(timings.intervalMs)),
        nobody: fc.boolean(),
        outcome: fc.constantFrom<SpinOutcome>("won", "offline", "refused"),
        skipped: fc.boolean(),
        paused: fc.boolean(),
      })
      .map(({ now, drawn, ended, nobody: isNobody, outcome, skipped, paused: isPaused }) => {
        const boundary = timings.intervalMs * 1_000_000;
        const isDrawn = !skipped && drawn !== null && drawn <= now;
        const end = isDrawn && isNobody ? drawn : isDrawn && ended !== null ? Math.max(drawn, ended) : null;
        const hasEnded = end !== null && end <= now;
        return {
          boundary,
          drawnAt: isDrawn ? boundary + drawn : null,
          hasCandidate: isDrawn && !isNobody,
          outcome: hasEnded ? (isNobody ? "nobody_eligible" : outcome) : null,
          outcomeAt: hasEnded ? boundary + end : null,
          skipped,
          paused: isPaused,
          timings,
          now: boundary + now,
        };
      }),
  );
  const always = (rule: (from: PhaseInput, view: ReturnType<typeof spinPhase>) => void) =>
    fc.assert(
      fc.property(anyInput, (from) => rule(from, spinPhase(from))),
      { numRuns: 2_000 },
    );

  it("is one of five, and ends in the future and by the next boundary, or by no clock", () => {
    always((from, { phase, endsAt }) => {
      expect(["idle", "spinning", "verification", "completed", "collecting"]).toContain(phase);
      if (endsAt === null) {
        expect(phase === "idle" ? from.paused : phase === "collecting" && from.drawnAt === null).toBe(true);
      } else {
        expect(endsAt).toBeGreaterThan(from.now);
        expect(endsAt).toBeLessThanOrEqual(from.boundary + from.timings.intervalMs);
      }
    });
  });

  it("tells nothing of an outcome before the wheel has stopped", () => {
    always((from, view) => {
      if (from.now >= from.boundary + from.timings.wheelMs || !from.hasCandidate) return;
      expect(view).toEqual(spinPhase({ ...from, outcome: null, outcomeAt: null }));
      expect(view.phase).toBe("spinning");
    });
  });

  it("is completed only once the outcome is visible, and for as long as results are shown", () => {
    always((from, { phase }) => {
      const shownFrom = Math.max(from.outcomeAt ?? 0, outcomeVisibleFrom(from.boundary, from.timings));
      const isShown = from.outcome !== null && from.now >= shownFrom && from.now < shownFrom + from.timings.resultMs;
      expect(phase === "completed").toBe(from.hasCandidate && isShown);
    });
  });

  it("is idle without a cycle or a candidate, and only then", () => {
    always((from, { phase }) => {
      const mayBeDrawn = !from.skipped && !from.paused && from.now - from.boundary <= from.timings.graceMs;
      expect(phase === "idle").toBe(from.drawnAt === null ? !mayBeDrawn : !from.hasCandidate);
    });
  });

  it("stays until the moment that it names, if nothing happens", () => {
    always((from, { phase, endsAt }) => {
      if (endsAt === null) return;
      expect(spinPhase({ ...from, now: endsAt - 1 })).toEqual({ phase, endsAt });
      if (endsAt < from.boundary + from.timings.intervalMs) {
        expect(spinPhase({ ...from, now: endsAt }).phase).not.toBe(phase);
      }
    });
  });
});

describe("outcomeVisibleFrom", () => {
  it("is the end of the cycle's own wheel", () => {
    expect(outcomeVisibleFrom(B, CONTRACT_TIMINGS)).toBe(B + 10_000);
    expect(outcomeVisibleFrom(B, { wheelMs: 1 })).toBe(B + 1);
  });
});
