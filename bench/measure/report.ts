import { cpus, freemem, loadavg, totalmem } from "node:os";
import { latenciesInParts } from "./statistics.ts";

/** What a bench found. Every program of `bench/` prints one or more of these, each as one line of JSON. */
export interface Finding {
  /** The program's name, and where it measures several things, which. */
  readonly bench: string;
  /** What was measured, with units in the names. */
  readonly figure: Readonly<Record<string, unknown>>;
  /** What it is compared with, measured in the same run; null where the goal is an absolute one. */
  readonly baseline: Readonly<Record<string, unknown>> | null;
  /** Median of figure ÷ baseline over the rounds; null without a baseline. */
  readonly ratio: number | null;
  /** The smallest and the largest ratio (or figure) of a round. */
  readonly spread: readonly [number, number] | null;
  /** The goal in words; null for figures that are only to be known. */
  readonly goal: string | null;
  readonly isReached: boolean | null;
  /** What it came to, in words; of a comparison that is its ratio. */
  readonly result?: string;
}

/** Prints a finding with the machine that it was made on. */
export function report(finding: Finding): void {
  process.stdout.write(`${JSON.stringify({ ...finding, machine: machine(), at: new Date().toISOString() })}\n`);
}

/** Reports latencies whose 95th percentile has an absolute goal. */
export function reportLatency(bench: string, milliseconds: readonly number[], goalMs: number): void {
  const { latencyMs, p95OfFifthsMs, spread } = latenciesInParts(milliseconds);
  report({
    bench,
    figure: { times: milliseconds.length, latencyMs, p95OfFifthsMs },
    baseline: null,
    ratio: null,
    spread,
    goal: `p95 under ${goalMs} ms`,
    isReached: latencyMs.p95 < goalMs,
    result: `p95 ${latencyMs.p95} ms (${spread.join(" to ")})`,
  });
}

/** What is told of the rounds of a load: each one's rate, the last one's latencies, the load's own share of a core. */
export function ratesOf<
  Measured extends { readonly perSecond: number; readonly latencyMs?: unknown; readonly corePercent?: number },
>(
  rounds: readonly Measured[],
): {
  readonly perSecond: readonly number[];
  readonly latencyMs: Measured["latencyMs"] | undefined;
  readonly loadCorePercent: readonly number[] | undefined;
} {
  const shares = rounds.flatMap(({ corePercent }) => corePercent ?? []);
  return {
    perSecond: rounds.map(({ perSecond }) => Math.round(perSecond)),
    latencyMs: rounds.at(-1)?.latencyMs,
    loadCorePercent: shares.length > 0 ? shares : undefined,
  };
}

/** Tells how far a bench has come, beside its findings. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function machine() {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    freeGiB: Math.round(freemem() / 2 ** 30),
    load1: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    node: process.version,
  };
}
