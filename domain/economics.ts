/** Money and time limits of the product. Every other module takes these numbers from here. */

/** Copper pieces in one gold piece. */
export const COPPER_PER_GOLD = 10_000;

/** Gold that one payout is worth, in gold pieces (what viewers see). */
export const PAYOUT_GOLD = 1_000;

/** The same in copper pieces: the only unit that is computed with. */
export const PAYOUT_COPPER = PAYOUT_GOLD * COPPER_PER_GOLD;

/** What one Twitch user may ever be owed or sent, in copper. */
export const LIFETIME_CAP_COPPER = 10_000 * COPPER_PER_GOLD;

/** Names that the wheel shows at most. */
export const WHEEL_NAMES = 24;

/** Whether a viewer with `countedCopper` (Sent, active and mail-confirmed payouts) may be owed another payout. */
export function isBelowLifetimeCap(countedCopper: number): boolean {
  return countedCopper + PAYOUT_COPPER <= LIFETIME_CAP_COPPER;
}
