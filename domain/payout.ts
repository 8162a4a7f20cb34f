import { type Refusal, refuse } from "./refusal.ts";
import type { Timings } from "./timings.ts";

/*
 * A payout says that gold is owed to a winner.
 *
 *   Pending ──Sync──► InProgress ──mail confirmed / marked sent──► Sent
 *      ▲  └──────────────┐  │ └─unlock─► Pending
 *      │                 ▼  ▼
 *      └─ both end as Cancelled or Failed (desktop, broadcaster, operator) or Expired (the server alone, at expiresAt).
 *
 * A mail confirmation is a fact: it is recorded in every status, and makes an active payout Sent.
 */

/** Where a payout stands. */
export type PayoutStatus = "Pending" | "InProgress" | "Sent" | "Failed" | "Cancelled" | "Expired";

/** All statuses, in the order of a payout's life. */
export const PAYOUT_STATUSES = ["Pending", "InProgress", "Sent", "Failed", "Cancelled", "Expired"] as const;

/** Statuses in which gold is still owed. */
export const ACTIVE_STATUSES = ["Pending", "InProgress"] as const satisfies readonly PayoutStatus[];

/** Who or what changed a payout: the game's log, the streamer's hand, the broadcaster, an operator, ourselves. */
export type PayoutCause = (typeof PAYOUT_CAUSES)[number];

/** All causes of a change. */
export const PAYOUT_CAUSES = ["log", "desktop", "broadcaster", "operator", "server"] as const;

/** The desktop that sends no id of its own. */
export const UNNAMED_DESKTOP = "00000000-0000-0000-0000-000000000000";

const TRANSITIONS: Readonly<Record<PayoutStatus, Partial<Record<PayoutStatus, readonly PayoutCause[]>>>> = {
  Pending: {
    InProgress: ["desktop"],
    Cancelled: ["desktop", "broadcaster", "operator"],
    Failed: ["desktop", "broadcaster", "operator", "server"],
    Expired: ["server"],
  },
  InProgress: {
    Sent: ["log", "desktop"],
    Cancelled: ["desktop", "broadcaster", "operator"],
    Failed: ["desktop", "broadcaster", "operator", "server"],
    Pending: ["desktop"],
    Expired: ["server"],
  },
  Sent: {},
  Failed: {},
  Cancelled: {},
  Expired: {},
};

/** Whether gold is still owed in this status. */
export function isActive(status: PayoutStatus): boolean {
  return status === "Pending" || status === "InProgress";
}

/** The part of a payout that the rules look at and change. Times are Unix milliseconds. */
export interface PayoutState {
  readonly status: PayoutStatus;
  readonly acceptedAt: number | null;
  readonly heldBy: string | null;
}

/** One step of a payout's life, as it is written into its event table. */
export interface PayoutStep {
  readonly status: PayoutStatus;
  readonly cause: PayoutCause;
}

/** The state after a change, and the steps that led there; no steps when the change was there already. */
export type PayoutChange =
  | { readonly ok: true; readonly state: PayoutState; readonly steps: readonly PayoutStep[] }
  | Refusal;

/** Asks for a status. `desktopId` is the desktop that asks; null for the unnamed one and for everybody else. */
export interface StatusRequest {
  readonly to: PayoutStatus;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
}

/** Applies a request for a status; repeating the present one changes nothing. */
export function requestStatus(state: PayoutState, request: StatusRequest): PayoutChange {
  if (state.status === request.to) {
    const heldByOther = request.to === "InProgress" && state.heldBy !== (request.desktopId ?? UNNAMED_DESKTOP);
    return heldByOther ? refuse("held_by_other_desktop") : { ok: true, state, steps: [] };
  }
  if (!isActive(state.status)) return refuse("terminal_status_change_not_allowed", { status: state.status });
  if (!TRANSITIONS[state.status][request.to]?.includes(request.cause)) {
    return refuse("status_change_not_allowed", { status: state.status });
  }
  return {
    ok: true,
    state: { ...state, status: request.to, heldBy: holderAfter(state, request) },
    steps: [{ status: request.to, cause: request.cause }],
  };
}

/** InProgress belongs to the desktop that asked for it, unlock frees it, an end keeps it on record. */
function holderAfter(state: PayoutState, request: StatusRequest): string | null {
  if (request.to === "InProgress") return request.desktopId ?? UNNAMED_DESKTOP;
  return request.to === "Pending" ? null : state.heldBy;
}

/** Applies a mail confirmation: active payouts become Sent (from Pending by way of InProgress), ended ones stay. */
export function confirmMail(state: PayoutState, by: { cause: PayoutCause; desktopId: string | null }): PayoutChange {
  switch (state.status) {
    case "Pending":
      return {
        ok: true,
        state: { ...state, status: "Sent", heldBy: by.desktopId },
        steps: [
          { status: "InProgress", cause: by.cause },
          { status: "Sent", cause: by.cause },
        ],
      };
    case "InProgress":
      return { ok: true, state: { ...state, status: "Sent" }, steps: [{ status: "Sent", cause: by.cause }] };
    case "Sent":
    case "Failed":
    case "Cancelled":
    case "Expired":
      return { ok: true, state, steps: [] };
    default:
      return state.status satisfies never;
  }
}

/** Whether a confirmation that finds this status needs somebody's attention: gold went out for an ended payout. */
export function confirmationNeedsAttention(status: PayoutStatus): boolean {
  return !isActive(status) && status !== "Sent";
}

/** Applies the winner's consent. Names are canonical. The order of the checks is binding. */
export function acceptPayout(
  state: PayoutState,
  acceptance: { drawnName: string; characterName: string | null; at: number },
): { readonly ok: true; readonly state: PayoutState; readonly changed: boolean } | Refusal {
  if (acceptance.characterName !== acceptance.drawnName) return refuse("character_name_mismatch");
  if (state.acceptedAt !== null) return { ok: true, state, changed: false };
  if (!isActive(state.status)) return refuse("terminal_status_change_not_allowed", { status: state.status });
  return { ok: true, state: { ...state, acceptedAt: acceptance.at }, changed: true };
}

/** First point of the expiry grid at or after the payout's time to live (Unix milliseconds). */
export function payoutExpiresAt(createdAt: number, timings: Timings): number {
  return Math.ceil((createdAt + timings.payoutTtlMs) / timings.expiryGridMs) * timings.expiryGridMs;
}

/** The line that is posted in chat once a payout is Sent. */
export function rewardSentAnnouncement(characterName: string): string {
  return `Награда отправлена персонажу ${characterName} на почту, проверяй ящик!`;
}
