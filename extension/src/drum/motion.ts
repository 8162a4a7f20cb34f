import type { RouletteStateDto } from "@mgm/domain/wire";
import { type Moment, momentAt } from "../roulette/moment.ts";

/*
 * Where the drum stands is a function of the snapshot and the server's time, so that everybody sees the same slat at the
 * same moment. Position p means that slat p (modulo their number) is in the middle.
 *
 *   rest      one slat on, every few seconds
 *   spinning  at full speed for two thirds of the wheel time, then evenly slower; stands on the candidate at its end
 *   after     on the one who was drawn, until the result has been shown
 */

const FEWEST_SLATS = 7;
const CREEP_EVERY_MS = 4_000;
const CREEP_MS = 700;
const SLATS_PER_SECOND = 6;
const EASE_FROM = 2 / 3;

/** The drum's slats in order; empty ones fill it up when there are few names. */
export function slatsOf(wheel: readonly string[]): readonly string[] {
  const missing = Math.max(0, FEWEST_SLATS - wheel.length);
  return [...wheel, ...Array.from({ length: missing }, () => "")];
}

/** Where the drum stands, and how. */
export interface DrumPose {
  readonly position: number;
  readonly isRunning: boolean;
  /** The middle slat is the one that was drawn. */
  readonly isChosen: boolean;
}

/** The drum's pose at `now` (server's clock). `isStill`: the viewer asked for less motion. */
export function drumPose(state: RouletteStateDto, now: number, isStill: boolean): DrumPose {
  const slats = slatsOf(state.wheel);
  const moment = momentAt(state, now);
  const drawn = drawnName(state, moment);
  const chosen = drawn === null ? -1 : state.wheel.indexOf(drawn);
  if (chosen < 0) return { position: isStill ? 0 : creep(now), isRunning: false, isChosen: false };
  if (moment.phase !== "spinning" || moment.wheelEndsAt === null) {
    return { position: chosen, isRunning: false, isChosen: true };
  }
  // The still drum waits on a neighbour, so that its one change can be seen.
  if (isStill) return { position: chosen - 1, isRunning: false, isChosen: false };
  const wheelMs = moment.wheelEndsAt - moment.boundary;
  const left = 1 - runShare((now - moment.boundary) / wheelMs);
  const runs = Math.max(slats.length, Math.round((wheelMs / 1000) * SLATS_PER_SECOND));
  return { position: chosen - left * runs, isRunning: true, isChosen: false };
}

function drawnName(state: RouletteStateDto, { phase }: Moment): string | null {
  if (phase === "spinning" || phase === "verification") return state.candidate;
  return phase === "completed" ? (state.lastSpin?.characterName ?? null) : null;
}

/** Which share of its way the drum has run after which share of the wheel time. */
export function runShare(timeShare: number): number {
  const t = Math.min(1, Math.max(0, timeShare));
  const topSpeed = 2 / (1 + EASE_FROM);
  if (t <= EASE_FROM) return topSpeed * t;
  const left = 1 - t;
  return 1 - (topSpeed * left * left) / (2 * (1 - EASE_FROM));
}

function creep(now: number): number {
  const steps = Math.floor(now / CREEP_EVERY_MS);
  const intoStepMs = now - steps * CREEP_EVERY_MS;
  const share = Math.min(1, intoStepMs / CREEP_MS);
  // Floats cannot hold a large number and a small fraction; the drum repeats itself anyway.
  return (steps % 5_040) - 1 + share * share * (3 - 2 * share);
}
