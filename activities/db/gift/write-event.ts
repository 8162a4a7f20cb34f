import { type GiftEvent, type GiftFailureReason, type GiftRecord, usesRightUp } from "@mgm/domain/gift";
import type { PayoutCause } from "@mgm/domain/payout";
import type { Queryable } from "../database.ts";
import { type Gift, hasUsedRight } from "./gift-row.ts";

/** An event that was judged, and the record that it leads to. */
export interface JudgedGiftEvent {
  readonly event: Pick<GiftEvent, "type">;
  readonly record: GiftRecord;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  /** Unix milliseconds. */
  readonly at: number;
  /** The workflow that waits for the mail does not know of it yet. */
  readonly untold?: boolean;
}

const EVENT_WORDS: Readonly<Record<GiftEvent["type"], string>> = {
  promoted: "promoted",
  itemSelected: "item_selected",
  answered: "answered",
  sent: "sent",
  failed: "failed",
  timedOut: "timed_out",
};

/**
 * Writes a judged event into a request's row, its story, and its viewer's right. The row must be locked, and the
 * viewer's right too when the event touches it. A recorded delivery is never taken back.
 */
export async function writeGiftEvent(db: Queryable, before: Gift, judged: JudgedGiftEvent): Promise<void> {
  const { record, at } = judged;
  await db.query(
    `update gift_requests set state = $2, version = version + 1, selected_item = $3, selected_by = $4, timeout_at = $5,
            failure_reason = $6, completed_at = $7, delivered_at = coalesce(delivered_at, $8), updated_at = $9,
            untold = $10
      where gift_request_id = $1`,
    [
      before.giftRequestId,
      record.state,
      record.selectedItem === null ? null : JSON.stringify(record.selectedItem),
      record.selectedBy,
      dateOf(record.timeoutAt),
      record.failureReason,
      dateOf(record.completedAt),
      dateOf(record.deliveredAt),
      new Date(at),
      judged.untold ?? false,
    ],
  );
  await appendGiftEvent(db, before, {
    ...judged,
    event: EVENT_WORDS[judged.event.type],
    state: record.state,
    reason: record.failureReason,
  });
  if (usesRightUp(record)) await useRight(db, before, at);
  else if (usesRightUp(before)) await giveRightBack(db, before);
}

/** Appends to a request's story; its row must be locked, which is what keeps the numbers apart. */
async function appendGiftEvent(
  db: Queryable,
  gift: { readonly broadcasterId: string; readonly giftRequestId: string },
  entry: {
    readonly event: string;
    readonly state: string;
    readonly reason: GiftFailureReason | null;
    readonly cause: PayoutCause;
    readonly desktopId: string | null;
    readonly at: number;
  },
): Promise<void> {
  await db.query(
    `insert into gift_events (gift_request_id, event_number, broadcaster_id, event, state, reason, cause, desktop_id, at)
     select $1, coalesce(max(event_number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
       from gift_events where gift_request_id = $1`,
    [
      gift.giftRequestId,
      gift.broadcasterId,
      entry.event,
      entry.state,
      entry.reason,
      entry.cause,
      entry.desktopId,
      new Date(entry.at),
    ],
  );
}

/** Uses the viewer's right up; whoever used it first keeps it. */
export async function useRight(db: Queryable, gift: Gift, at: number): Promise<void> {
  await db.query(
    `insert into gift_use (broadcaster_id, twitch_user_id, gift_request_id, used_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [gift.broadcasterId, gift.viewerId, gift.giftRequestId, new Date(at)],
  );
}

/** Gives back what a request has used, unless another request of its viewer has used the right too: it is that one's then. */
export async function giveRightBack(db: Queryable, gift: Gift): Promise<void> {
  const { rowCount } = await db.query(
    `update gift_use set gift_request_id = heir.gift_request_id, used_at = heir.used_at
       from (select gift_request_id, coalesce(delivered_at, completed_at) as used_at from gift_requests gift
              where broadcaster_id = $2 and twitch_user_id = $3 and gift_request_id <> $1 and ${hasUsedRight("gift")}
              order by used_at limit 1) heir
      where gift_use.gift_request_id = $1`,
    [gift.giftRequestId, gift.broadcasterId, gift.viewerId],
  );
  if (rowCount === 0) await db.query("delete from gift_use where gift_request_id = $1", [gift.giftRequestId]);
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
