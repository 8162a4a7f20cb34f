const KEY = "mgm-dismissed-payout";
let remembered: string | null = null;

/** The ended payout that this viewer has put away; null for none. */
export function dismissedPayoutId(): string | null {
  try {
    return remembered ?? localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing in foreign frames: until the next load it is remembered here.
    return remembered;
  }
}

/** Puts an ended payout away for good. */
export function dismissPayout(payoutId: string): void {
  remembered = payoutId;
  try {
    localStorage.setItem(KEY, payoutId);
  } catch {
    // See above.
  }
}
