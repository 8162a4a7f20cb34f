/**
 * Spins every ten seconds, and payouts that expire within a long run: those of winners who never answer. The others have time
 * for all that kills may do to them (six minutes were seen, where bridge and game died over and over before the streamer could
 * be asked about a mail), so that one of theirs that expires was forgotten.
 */
export const CHAOS_TIMINGS = {
  intervalMs: 10_000,
  wheelMs: 1_000,
  graceMs: 8_000,
  slackMs: 500,
  resultMs: 2_000,
  payoutTtlMs: 1_800_000,
  expiryGridMs: 10_000,
  giftSelectMs: 180_000,
  giftConfirmMs: 90_000,
} as const;

/** For a run that is over in a minute: spins twice as often, and nothing expires. */
export const TEST_TIMINGS = {
  intervalMs: 5_000,
  wheelMs: 500,
  graceMs: 4_000,
  slackMs: 500,
  resultMs: 1_000,
  giftSelectMs: 180_000,
  giftConfirmMs: 90_000,
} as const;
