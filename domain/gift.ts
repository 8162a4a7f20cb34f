import { type GiftItem, isSameItem } from "./gift-item.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { Timings } from "./timings.ts";

/*
 * A gift request: one viewer's wish for a random item out of the streamer's bags.
 *
 *   Pending ──promoted──► SelectingItem ──item selected──► WaitingConfirmation ──viewer agreed──► Completed
 *                          │ (giftSelectMs)                 │ (giftConfirmMs)                      │
 *                          └──────── time is over, nothing to give, declined, by hand ────► Failed ◄┘ by the streamer,
 *                                                                                        while nothing was sent
 *
 * One request of a streamer at a time is in one of the two timed states; the others wait as Pending, which may fail too.
 * That the item's mail was sent is a fact: it is recorded in every state and completes an open request. A request uses
 * its viewer's one right up when it is Completed or sent.
 */

/** Where a gift request stands. */
export type GiftState = "Pending" | "SelectingItem" | "WaitingConfirmation" | "Completed" | "Failed";

/** All states, in the order of a request's life. */
export const GIFT_STATES = ["Pending", "SelectingItem", "WaitingConfirmation", "Completed", "Failed"] as const;

/** All reasons for which a request may have failed. */
export const GIFT_FAILURE_REASONS = [
  "selection_timeout",
  "confirmation_timeout",
  "no_items_available",
  "receiver_declined",
  "failed_by_streamer",
  "not_subscriber",
  "ended_by_operator",
] as const;

/** Why a request failed. */
export type GiftFailureReason = (typeof GIFT_FAILURE_REASONS)[number];

/** The reasons that a desktop may give. */
export const DESKTOP_FAILURE_REASONS = ["no_items_available", "receiver_declined", "failed_by_streamer"] as const;

/** The part of a request that the rules look at and change. Times are Unix milliseconds. */
export interface GiftRecord {
  readonly state: GiftState;
  readonly selectedItem: GiftItem | null;
  /** The desktop that selected the item; it alone mails it. */
  readonly selectedBy: string | null;
  /** When the present state's time is over; null outside the two timed states. */
  readonly timeoutAt: number | null;
  readonly failureReason: GiftFailureReason | null;
  readonly completedAt: number | null;
  readonly deliveredAt: number | null;
}

/** What may happen to a request. `at` is when it was received, in Unix milliseconds. */
export type GiftEvent =
  | { readonly type: "promoted"; readonly at: number; readonly timings: Timings }
  | {
      readonly type: "itemSelected";
      readonly item: GiftItem;
      readonly desktopId: string | null;
      readonly at: number;
      readonly timings: Timings;
    }
  | { readonly type: "answered"; readonly agreed: boolean; readonly at: number }
  | { readonly type: "sent"; readonly at: number }
  | { readonly type: "failed"; readonly reason: GiftFailureReason }
  | { readonly type: "timedOut"; readonly at: number };

/** The record after an event; `changed` is false when it was there already. */
export type GiftChange = { readonly ok: true; readonly record: GiftRecord; readonly changed: boolean } | Refusal;

/** Whether a request waits, or is being served. */
export function isOpenGift(state: GiftState): boolean {
  return state === "Pending" || isActiveGift(state);
}

/** Whether it is this request's turn. */
export function isActiveGift(state: GiftState): boolean {
  return state === "SelectingItem" || state === "WaitingConfirmation";
}

/** Whether a request has used its viewer's right up. */
export function usesRightUp(record: Pick<GiftRecord, "state" | "deliveredAt">): boolean {
  return record.state === "Completed" || record.deliveredAt !== null;
}

/** What a request begins with. */
export const NEW_GIFT: GiftRecord = {
  state: "Pending",
  selectedItem: null,
  selectedBy: null,
  timeoutAt: null,
  failureReason: null,
  completedAt: null,
  deliveredAt: null,
};

/** Applies an event; what does not fit the present state is refused as `invalid_state`. */
export function applyGiftEvent(record: GiftRecord, event: GiftEvent): GiftChange {
  switch (event.type) {
    case "promoted":
      return promote(record, event);
    case "itemSelected":
      return selectItem(record, event);
    case "answered":
      return answer(record, event);
    case "sent":
      return send(record, event.at);
    case "failed":
      return failFor(record, event.reason);
    case "timedOut":
      return timeOut(record, event.at);
    default:
      return event satisfies never;
  }
}

type EventOf<Type extends GiftEvent["type"]> = Extract<GiftEvent, { type: Type }>;

function promote(record: GiftRecord, { at, timings }: EventOf<"promoted">): GiftChange {
  if (isActiveGift(record.state)) return same(record);
  if (record.state !== "Pending") return invalid(record);
  return changed({ ...record, state: "SelectingItem", timeoutAt: at + timings.giftSelectMs });
}

function selectItem(record: GiftRecord, { item, desktopId, at, timings }: EventOf<"itemSelected">): GiftChange {
  if (record.selectedItem !== null && isSameItem(record.selectedItem, item)) return same(record);
  if (record.state !== "SelectingItem" || isLate(record, at)) return invalid(record);
  return changed({
    ...record,
    state: "WaitingConfirmation",
    selectedItem: item,
    selectedBy: desktopId,
    timeoutAt: at + timings.giftConfirmMs,
  });
}

function answer(record: GiftRecord, { agreed, at }: EventOf<"answered">): GiftChange {
  const isRecorded = agreed ? record.completedAt !== null : record.failureReason === "receiver_declined";
  if (isRecorded) return same(record);
  if (record.state !== "WaitingConfirmation" || isLate(record, at)) return invalid(record);
  return changed(agreed ? complete(record, at) : fail(record, "receiver_declined"));
}

function send(record: GiftRecord, at: number): GiftChange {
  const sent = { ...record, deliveredAt: record.deliveredAt ?? at };
  if (isOpenGift(record.state)) return changed(complete(sent, at));
  return record.deliveredAt === null ? changed(sent) : same(record);
}

function failFor(record: GiftRecord, reason: GiftFailureReason): GiftChange {
  if (record.state === "Failed" && record.failureReason === reason) return same(record);
  const isTakenBack = record.state === "Completed" && record.deliveredAt === null && reason === "failed_by_streamer";
  return isOpenGift(record.state) || isTakenBack ? changed(fail(record, reason)) : invalid(record);
}

function timeOut(record: GiftRecord, at: number): GiftChange {
  if (record.timeoutAt === null || at < record.timeoutAt) return invalid(record);
  return changed(fail(record, record.state === "SelectingItem" ? "selection_timeout" : "confirmation_timeout"));
}

function complete(record: GiftRecord, at: number): GiftRecord {
  return { ...record, state: "Completed", timeoutAt: null, completedAt: at };
}

function fail(record: GiftRecord, reason: GiftFailureReason): GiftRecord {
  return { ...record, state: "Failed", timeoutAt: null, failureReason: reason };
}

/** What was received in time counts, however late it is decided. */
function isLate(record: GiftRecord, at: number): boolean {
  return record.timeoutAt !== null && at > record.timeoutAt;
}

function same(record: GiftRecord): GiftChange {
  return { ok: true, record, changed: false };
}

function changed(record: GiftRecord): GiftChange {
  return { ok: true, record, changed: true };
}

function invalid(record: GiftRecord): Refusal {
  return refuse("invalid_state", { state: record.state });
}

/** What is written down about a request before its workflow hears of it. */
export interface GiftFacts {
  readonly deliveredAt: number | null;
  /** The viewer's answer, given in time. */
  readonly answer: { readonly agreed: boolean; readonly at: number } | null;
  /** The viewer has a gift by another request (its mail was sent after it had failed). */
  readonly isRightUsedElsewhere: boolean;
}

/** The event that the facts demand of an open request before anything else may happen to it; null for none. */
export function demandedByFacts(record: GiftRecord, facts: GiftFacts): GiftEvent | null {
  if (!isOpenGift(record.state)) return null;
  if (facts.deliveredAt !== null) return { type: "sent", at: facts.deliveredAt };
  if (facts.isRightUsedElsewhere) return { type: "failed", reason: "failed_by_streamer" };
  if (facts.answer !== null && record.state === "WaitingConfirmation") return { type: "answered", ...facts.answer };
  return null;
}

/** Whether an event is the one that the facts demand. */
export function fulfils(event: GiftEvent, demanded: GiftEvent): boolean {
  if (event.type === "answered" && demanded.type === "answered") return event.agreed === demanded.agreed;
  if (event.type === "failed" && demanded.type === "failed") return event.reason === demanded.reason;
  return event.type === demanded.type;
}
