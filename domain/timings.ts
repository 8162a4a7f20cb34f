/**
 * All durations of the product, in milliseconds. One value of this type feeds schedule, API and workflow inputs, and
 * every row keeps the one that it was made with, so that a test or a demo can run in seconds.
 */
export interface Timings {
  /** Distance of two spin boundaries; boundaries are its multiples since the Unix epoch. */
  readonly intervalMs: number;
  /** How long the wheel runs after its boundary. */
  readonly wheelMs: number;
  /** How long after the next boundary a /who report still counts. */
  readonly graceMs: number;
  /** How much later than a deadline its passing is decided, so that what came in time always counts. */
  readonly slackMs: number;
  /** How long viewers see a result. */
  readonly resultMs: number;
  /** Least time that a payout lives. */
  readonly payoutTtlMs: number;
  /** Payouts expire at multiples of this since the Unix epoch. */
  readonly expiryGridMs: number;
  /** Time to choose a gift's item. */
  readonly giftSelectMs: number;
  /** Time for the viewer to agree to a gift. */
  readonly giftConfirmMs: number;
}

/** What production runs with. */
export const CONTRACT_TIMINGS: Timings = {
  intervalMs: 300_000,
  wheelMs: 10_000,
  graceMs: 30_000,
  slackMs: 5_000,
  resultMs: 30_000,
  payoutTtlMs: 24 * 3_600_000,
  expiryGridMs: 3_600_000,
  giftSelectMs: 60_000,
  giftConfirmMs: 300_000,
};

/** Why a set of timings cannot work; empty when it can. */
export function timingFaults(timings: Timings): string[] {
  const faults: string[] = [];
  for (const [key, value] of Object.entries(timings)) {
    if (!Number.isSafeInteger(value) || value < 1)
      faults.push(`${key} must be a positive whole number of milliseconds`);
  }
  if (timings.wheelMs >= timings.intervalMs) faults.push("wheelMs must be below intervalMs");
  if (timings.graceMs + timings.slackMs >= timings.intervalMs)
    faults.push("graceMs + slackMs must be below intervalMs");
  return faults;
}

/** Completes a partial set with the contract's values; unknown keys and impossible sets are faults. */
export function completeTimings(
  partial: Readonly<Record<string, unknown>>,
): { readonly ok: true; readonly timings: Timings } | { readonly ok: false; readonly faults: string[] } {
  const faults: string[] = [];
  const known: Record<string, number> = { ...CONTRACT_TIMINGS };
  for (const [key, value] of Object.entries(partial)) {
    if (!Object.hasOwn(CONTRACT_TIMINGS, key)) faults.push(`${key} is not a timing`);
    else if (typeof value !== "number") faults.push(`${key} must be a number`);
    else known[key] = value;
  }
  const timings = known as unknown as Timings;
  faults.push(...timingFaults(timings));
  return faults.length > 0 ? { ok: false, faults } : { ok: true, timings };
}

/** Whether these are the values that production demands. */
export function areContractTimings(timings: Timings): boolean {
  return Object.entries(CONTRACT_TIMINGS).every(([key, value]) => timings[key as keyof Timings] === value);
}
