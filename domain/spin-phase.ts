import type { SpinOutcome } from "./spin-cycle.ts";
import type { Timings } from "./timings.ts";

/*
 * What viewers see between two boundaries. The newest boundary alone rules.
 *
 *   collecting ─draw stored─► spinning ─B + wheel─► verification ─outcome─► completed ─► collecting
 *        └── nobody eligible, no draw by B + grace, or paused: idle until the next boundary
 *
 * A draw stored after B + wheel begins in verification. An outcome before B + wheel is held back until then.
 */

/** The five words for where the wheel stands. */
export type SpinPhase = "idle" | "spinning" | "verification" | "completed" | "collecting";

/** The newest boundary's cycle as the phase rule sees it; times are Unix milliseconds. */
export interface PhaseInput {
  readonly boundary: number;
  /** When the draw was stored; null while there is none. */
  readonly drawnAt: number | null;
  readonly hasCandidate: boolean;
  readonly outcome: SpinOutcome | null;
  readonly outcomeAt: number | null;
  /** The boundary passed while spins were paused, so it has no cycle. */
  readonly skipped: boolean;
  /** Spins are paused now. */
  readonly paused: boolean;
  readonly timings: Timings;
  readonly now: number;
}

/** A phase and when it ends by the clock alone; null where only an event ends it or nothing is due. */
export interface PhaseView {
  readonly phase: SpinPhase;
  readonly endsAt: number | null;
}

/** The phase that viewers see at `now`. */
export function spinPhase(input: PhaseInput): PhaseView {
  const { boundary, timings, now } = input;
  const nextBoundary = boundary + timings.intervalMs;
  const idle: PhaseView = { phase: "idle", endsAt: input.paused ? null : nextBoundary };
  // While paused no draw is stored any more, so a boundary without one is as good as skipped.
  if (input.skipped || (input.paused && input.drawnAt === null)) return idle;
  if (input.drawnAt === null) {
    const mayStillBeDrawn = input.outcome === null && now <= boundary + timings.graceMs;
    return mayStillBeDrawn ? { phase: "collecting", endsAt: null } : idle;
  }
  if (!input.hasCandidate) return idle;
  const wheelEnds = boundary + timings.wheelMs;
  if (now < wheelEnds) return { phase: "spinning", endsAt: wheelEnds };
  if (input.outcome === null || input.outcomeAt === null) return { phase: "verification", endsAt: nextBoundary };
  const completedEnds = Math.min(Math.max(input.outcomeAt, wheelEnds) + timings.resultMs, nextBoundary);
  if (now < completedEnds) return { phase: "completed", endsAt: completedEnds };
  return { phase: "collecting", endsAt: nextBoundary };
}

/** When a cycle's outcome and payout may be shown to viewers (Unix milliseconds). */
export function outcomeVisibleFrom(boundary: number, timings: Pick<Timings, "wheelMs">): number {
  return boundary + timings.wheelMs;
}
