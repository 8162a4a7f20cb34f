import type { GiftFacts, GiftFailureReason, GiftRecord, GiftState } from "@mgm/domain/gift";
import type { GiftItem } from "@mgm/domain/gift-item";
import type { Timings } from "@mgm/domain/timings";
import { firstRow, type Queryable, timeOf } from "../database.ts";

/** Where a request came from: chat, where badges have decided, or HTTP, where Twitch was asked. */
export type GiftOrigin = "chat" | "http";

/** A stored gift request; times are Unix milliseconds. */
export interface Gift extends GiftRecord {
  readonly giftRequestId: string;
  readonly broadcasterId: string;
  readonly viewerId: string;
  readonly viewerDisplayName: string;
  readonly characterName: string;
  readonly origin: GiftOrigin;
  readonly version: number;
  readonly facts: GiftFacts;
  /** 1 is the active or the next one; 0 once ended. As of the moment of the read. */
  readonly queuePosition: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly timings: Timings;
}

/** A row of {@link SELECT_GIFT} and of the queue's list. */
export interface GiftRow {
  gift_request_id: string;
  broadcaster_id: string;
  twitch_user_id: string;
  twitch_display_name: string;
  character_name: string;
  origin: GiftOrigin;
  state: GiftState;
  version: number;
  selected_item: GiftItem | null;
  selected_by: string | null;
  timeout_at: Date | null;
  failure_reason: GiftFailureReason | null;
  agreed: boolean | null;
  answered_at: Date | null;
  delivered_at: Date | null;
  completed_at: Date | null;
  created_at: Date;
  updated_at: Date;
  timings: Timings;
  is_right_used_elsewhere: boolean;
  queue_position: number;
}

/** SQL: whether a request of that table or alias waits or is served; in the words of the indexes. */
export const isOpen = (table: string) => `${table}.state in ('Pending', 'SelectingItem', 'WaitingConfirmation')`;

/** SQL: whether a request of that table or alias has used its viewer's right up; the domain's `usesRightUp`. */
export const hasUsedRight = (table: string) => `(${table}.state = 'Completed' or ${table}.delivered_at is not null)`;

/** SQL: the order in which the open requests of a table or alias are served: the active one, then by arrival. */
export const queueOrder = (table: string) => `(${table}.state = 'Pending'), ${table}.arrival`;

/** SQL: whether the viewer of `gift` has a gift by another request. */
export const RIGHT_USED_ELSEWHERE = `exists (select from gift_use used
    where used.broadcaster_id = gift.broadcaster_id and used.twitch_user_id = gift.twitch_user_id
      and used.gift_request_id <> gift.gift_request_id) as is_right_used_elsewhere`;

/** SQL: gift requests (as `gift`) with their place in the queue; a `where` follows. */
export const SELECT_GIFT = `select gift.*, ${RIGHT_USED_ELSEWHERE},
  case when ${isOpen("gift")} then 1 + (select count(*)::int from gift_requests ahead
      where ahead.broadcaster_id = gift.broadcaster_id and ${isOpen("ahead")}
        and (${queueOrder("ahead")}) < (${queueOrder("gift")}))
    else 0 end as queue_position
  from gift_requests gift`;

/** Converts a row once, here. */
export function giftOf(row: GiftRow): Gift {
  return {
    giftRequestId: row.gift_request_id,
    broadcasterId: row.broadcaster_id,
    viewerId: row.twitch_user_id,
    viewerDisplayName: row.twitch_display_name,
    characterName: row.character_name,
    origin: row.origin,
    state: row.state,
    version: row.version,
    selectedItem: row.selected_item,
    selectedBy: row.selected_by,
    timeoutAt: timeOf(row.timeout_at),
    failureReason: row.failure_reason,
    completedAt: timeOf(row.completed_at),
    deliveredAt: timeOf(row.delivered_at),
    facts: {
      deliveredAt: timeOf(row.delivered_at),
      answer:
        row.agreed === null || row.answered_at === null ? null : { agreed: row.agreed, at: timeOf(row.answered_at) },
      isRightUsedElsewhere: row.is_right_used_elsewhere,
    },
    queuePosition: row.queue_position,
    createdAt: timeOf(row.created_at),
    updatedAt: timeOf(row.updated_at),
    timings: row.timings,
  };
}

/** Finds a request of a broadcaster; with `lock` it stays ours until the transaction ends. */
export async function findGift(
  db: Queryable,
  broadcasterId: string,
  giftRequestId: string,
  lock: "lock" | "read" = "read",
): Promise<Gift | null> {
  const row = firstRow(
    await db.query<GiftRow>(
      `${SELECT_GIFT} where gift_request_id = $1 and broadcaster_id = $2 ${lock === "lock" ? "for update of gift" : ""}`,
      [giftRequestId, broadcasterId],
    ),
  );
  return row === null ? null : giftOf(row);
}

/** The same for a request that must be there. */
export async function getGift(
  db: Queryable,
  gift: { readonly broadcasterId: string; readonly giftRequestId: string },
  lock: "lock" | "read" = "read",
): Promise<Gift> {
  const found = await findGift(db, gift.broadcasterId, gift.giftRequestId, lock);
  if (found === null) throw new Error("a gift request is not stored");
  return found;
}
