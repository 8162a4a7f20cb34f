/** The value below which `share` (0 to 1) of the values lie, by the nearest rank; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value; of an even number of values the lower one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What is told of latencies, in milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Sums latencies in milliseconds up. */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1].map((share) => rounded(quantile(milliseconds, share)));
  return { p50: p50 ?? Number.NaN, p95: p95 ?? Number.NaN, p99: p99 ?? Number.NaN, max: max ?? Number.NaN };
}

const PARTS = 5;

/** Latencies of one thing after the other, in milliseconds, and those of each fifth of them, whose p95 are the spread. */
export function latenciesInParts(milliseconds: readonly number[]): {
  readonly latencyMs: Latencies;
  readonly p95OfFifthsMs: readonly number[];
  readonly spread: readonly [number, number];
} {
  const beginOf = (part: number) => Math.floor((part * milliseconds.length) / PARTS);
  const p95OfFifthsMs = Array.from(
    { length: PARTS },
    (_, part) => latenciesOf(milliseconds.slice(beginOf(part), beginOf(part + 1))).p95,
  );
  const spread = [Math.min(...p95OfFifthsMs), Math.max(...p95OfFifthsMs)] as const;
  return { latencyMs: latenciesOf(milliseconds), p95OfFifthsMs, spread };
}

/** To three significant digits, which is more than any of these figures is good for. */
export function rounded(value: number): number {
  return Number(value.toPrecision(value >= 1_000 ? 4 : 3));
}
