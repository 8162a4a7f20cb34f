import type { PayoutDto } from "@mgm/domain/wire";
import type { Moment } from "../roulette/moment.ts";

/** What a page may ask the API for, the most urgent first. */
export const NEEDS = ["state", "payout", "membership", "dashboard", "gift", "version"] as const;
export type Need = (typeof NEEDS)[number];

/** What the pace depends on. */
export interface PaceFacts {
  readonly moment: Moment | null;
  /** Pushed messages arrive, so that reading is only the net below them. */
  readonly isPushed: boolean;
  readonly payout: PayoutDto | null;
  readonly hasOpenGift: boolean;
}

const SECOND = 1_000;

/** After how many milliseconds a need is read again. */
export function paceMs(need: Need, { moment, isPushed, payout, hasOpenGift }: PaceFacts): number {
  switch (need) {
    case "state": {
      const isFast =
        moment === null || moment.isOverdue || ["drawing", "spinning", "verification"].includes(moment.phase);
      // An overdue snapshot means that a message was lost.
      if (isPushed && moment?.isOverdue !== true) return (isFast ? 15 : 60) * SECOND;
      return (isFast ? 5 : 15) * SECOND;
    }
    case "payout":
      return (payout !== null && isActive(payout) ? 8 : 120) * SECOND;
    case "membership":
      return 60 * SECOND;
    case "gift":
      return (hasOpenGift ? 20 : 45) * SECOND;
    case "dashboard":
      return 15 * SECOND;
    case "version":
      return 1_800 * SECOND;
    default:
      return need satisfies never;
  }
}

/** Whether gold is still on its way. */
export function isActive(payout: PayoutDto): boolean {
  return payout.status === "Pending" || payout.status === "InProgress";
}
