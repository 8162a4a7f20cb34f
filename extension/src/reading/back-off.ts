const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * How long to wait after `failures` failures in a row (1 is the first). Doubles up to a minute; half of it is chance, so
 * that viewers whom one outage stopped do not come back as one. What the server asked for is kept at least.
 */
export function backOffMs(failures: number, random: () => number, retryAfterMs = 0): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  const waited = longest / 2 + (longest / 2) * random();
  // Whoever was told the same time comes back spread out, too.
  return retryAfterMs > waited ? Math.min(LONGEST_MS, retryAfterMs * (1 + random() / 4)) : waited;
}
