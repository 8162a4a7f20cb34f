import { tell } from "./report.ts";
import { median, rounded } from "./statistics.ts";

/** Rounds of a comparison, of which the median counts. */
export const ROUNDS = 5;

/** Figures of ours and of the baseline, higher being better, and how they compare. */
export interface Comparison<Ours, Baseline> {
  readonly ours: readonly Ours[];
  readonly baseline: readonly Baseline[];
  /** The median of the rounds' ratios. */
  readonly ratio: number;
  readonly spread: readonly [number, number];
}

/** What is compared: each a measurement of a few seconds with a figure of its own. */
export interface Contest<Ours, Baseline> {
  readonly ours: () => Promise<Ours>;
  readonly baseline: () => Promise<Baseline>;
  readonly figureOf: (measured: Ours | Baseline) => number;
}

/**
 * Measures both in turn, because machines differ and one machine differs from minute to minute: a round of each to warm
 * up, then five in which the one that goes first alternates.
 */
export async function compare<Ours, Baseline>(contest: Contest<Ours, Baseline>): Promise<Comparison<Ours, Baseline>> {
  await contest.ours();
  await contest.baseline();
  const ours: Ours[] = [];
  const baseline: Baseline[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % 2 === 0;
    if (first) ours.push(await contest.ours());
    const other = await contest.baseline();
    baseline.push(other);
    if (!first) ours.push(await contest.ours());
    const own = ours[round];
    if (own === undefined) throw new Error("a round without a measurement");
    const ratio = contest.figureOf(own) / contest.figureOf(other);
    ratios.push(ratio);
    tell(
      `round ${round + 1}: ${rounded(contest.figureOf(own))} to ${rounded(contest.figureOf(other))}: ${rounded(ratio)}`,
    );
  }
  return {
    ours,
    baseline,
    ratio: rounded(median(ratios)),
    spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
  };
}
