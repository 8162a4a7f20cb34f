import type { RouletteStateDto } from "@mgm/domain/wire";

/*
 * A snapshot of the public state says what was true when it was made. What is true now follows from it and the server's
 * clock, as far as the clock alone decides:
 *
 *   spinning ─phaseEndsAt─► verification     completed ─phaseEndsAt─► collecting
 *   anything ─nextSpinAt─► drawing (the next cycle begins; only a newer snapshot knows what the draw found)
 */

/** What viewers see now. */
export type MomentPhase = "paused" | "idle" | "collecting" | "drawing" | "spinning" | "verification" | "completed";

/** Where the roulette stands; times are Unix milliseconds of the server's clock. */
export interface Moment {
  readonly phase: MomentPhase;
  /** The newest boundary that the snapshot knows of. */
  readonly boundary: number;
  readonly intervalMs: number;
  readonly nextSpinAt: number | null;
  /** When the phase began and ends by the clock; null where only an event ends it. */
  readonly wheelEndsAt: number | null;
  /** The snapshot has been overtaken by the clock: a newer one is due. */
  readonly isOverdue: boolean;
}

/** Where the roulette stands at `now`, seen from a snapshot. */
export function momentAt(state: RouletteStateDto, now: number): Moment {
  const intervalMs = state.spinIntervalSeconds * 1000;
  const nextSpinAt = timeOf(state.nextSpinAt);
  const endsAt = timeOf(state.phaseEndsAt);
  const boundary = boundaryOf(state, now);
  const hasEnded = endsAt !== null && now >= endsAt;
  const moment = (phase: MomentPhase, isOverdue = false): Moment => ({
    phase,
    boundary,
    intervalMs,
    nextSpinAt,
    wheelEndsAt: state.spinPhase === "spinning" ? endsAt : null,
    isOverdue,
  });
  if (nextSpinAt !== null && now >= nextSpinAt) return moment("drawing", true);
  switch (state.spinPhase) {
    case "spinning":
      return hasEnded ? moment("verification", true) : moment("spinning");
    case "verification":
      return moment("verification", hasEnded);
    case "completed":
      return moment(hasEnded ? "collecting" : "completed");
    case "collecting":
      return moment(endsAt === null && state.currentSpinCycleId === null && !state.paused ? "drawing" : "collecting");
    case "idle":
      return moment(state.paused ? "paused" : "idle");
    default:
      // A word that a newer server knows and we do not.
      return moment("collecting");
  }
}

/** The boundary that a snapshot belongs to; while paused only the clock tells. */
export function boundaryOf(state: RouletteStateDto, now: number): number {
  const intervalMs = state.spinIntervalSeconds * 1000;
  const nextSpinAt = timeOf(state.nextSpinAt);
  return nextSpinAt === null ? Math.floor(now / intervalMs) * intervalMs : nextSpinAt - intervalMs;
}

function timeOf(instant: string | null): number | null {
  return instant === null ? null : Date.parse(instant);
}

/** When a snapshot will be overtaken by the clock, so that a newer one is due; null when only events can do that. */
export function overdueAt(state: RouletteStateDto): number | null {
  const endsAt = timeOf(state.phaseEndsAt);
  const nextSpinAt = timeOf(state.nextSpinAt);
  if (state.spinPhase === "spinning" && endsAt !== null) return endsAt;
  return nextSpinAt ?? (state.spinPhase === "verification" ? endsAt : null);
}
