import type { LeaseDto } from "@mgm/domain/wire";

/** How soon after a boundary the candidate is asked for: the draw needs a moment. */
const AFTER_BOUNDARY_MS = 1_000;

/** When the API spins, by this machine's clock (Unix milliseconds). */
export interface SpinTimes {
  readonly nextSpinAt: number | null;
  readonly isPaused: boolean;
  readonly intervalMs: number;
  /** What this machine's clock is ahead of the API's. */
  readonly aheadMs: number;
}

/** Reads them from a beat's answer that arrived at `now`; null where an older API does not tell. */
export function spinTimesOf(lease: Partial<LeaseDto>, now: number): SpinTimes | null {
  const { serverNow, nextSpinAt = null, spinIntervalSeconds = 0, paused = false } = lease;
  const aheadMs = now - Date.parse(serverNow ?? "");
  if (!Number.isFinite(aheadMs) || !(spinIntervalSeconds > 0)) return null;
  const next = nextSpinAt === null ? Number.NaN : Date.parse(nextSpinAt) + aheadMs;
  return {
    nextSpinAt: Number.isFinite(next) ? next : null,
    isPaused: paused,
    intervalMs: spinIntervalSeconds * 1_000,
    aheadMs,
  };
}

/** When the API is to be asked next: after the usual pause, or right after the boundary that comes before it. */
export function nextPollAt(lastPollAt: number, pollMs: number, spins: SpinTimes | null): number {
  if (spins === null) return lastPollAt + pollMs;
  const { intervalMs, aheadMs } = spins;
  const since = lastPollAt - aheadMs - AFTER_BOUNDARY_MS;
  const boundary = (Math.floor(since / intervalMs) + 1) * intervalMs + aheadMs;
  return Math.min(lastPollAt + pollMs, boundary + AFTER_BOUNDARY_MS);
}
