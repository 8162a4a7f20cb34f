const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait after so many failures in a row (from 1): doubling up to a minute, between half of it and all of it,
 * so that what failed together does not come back together. `random` gives 0 to 1.
 */
export function backOffMs(failures: number, random: () => number): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full / 2 + (random() * full) / 2);
}
