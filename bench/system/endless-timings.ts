import { CONTRACT_TIMINGS, type Timings } from "@mgm/domain/timings";

/** Years: no boundary passes while a bench runs, and each whole second on top of it gives a cycle of its own. */
const ENDLESS_INTERVAL_MS = 300_000_000_000;
/** Timings of benches that make their boundaries themselves. */
export const ENDLESS_TIMINGS: Timings = {
  ...CONTRACT_TIMINGS,
  intervalMs: ENDLESS_INTERVAL_MS,
  wheelMs: 1,
  graceMs: ENDLESS_INTERVAL_MS - 10_000,
};
