/** Spins every ten seconds, gifts and payouts that expire while one looks on: what takes a day must happen within a run. */
export const CHAOS_TIMINGS = {
  intervalMs: 10_000,
  wheelMs: 1_000,
  graceMs: 8_000,
  slackMs: 500,
  resultMs: 2_000,
  payoutTtlMs: 180_000,
  expiryGridMs: 10_000,
  giftSelectMs: 30_000,
  giftConfirmMs: 30_000,
} as const;

/** For a run that is over in a minute: spins twice as often, and nothing expires. */
export const TEST_TIMINGS = {
  intervalMs: 5_000,
  wheelMs: 500,
  graceMs: 4_000,
  slackMs: 500,
  resultMs: 1_000,
  giftSelectMs: 30_000,
  giftConfirmMs: 30_000,
} as const;
