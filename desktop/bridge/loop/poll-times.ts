/** How soon after a boundary the candidate is asked for: the draw needs a moment. */
const AFTER_BOUNDARY_MS = 1_000;

/** When the API is to be asked next: after the usual pause, or right after the boundary that comes before it. */
export function nextPollAt(lastPollAt: number, pollMs: number, intervalMs: number): number {
  const boundary = (Math.floor((lastPollAt - AFTER_BOUNDARY_MS) / intervalMs) + 1) * intervalMs;
  return Math.min(lastPollAt + pollMs, boundary + AFTER_BOUNDARY_MS);
}
