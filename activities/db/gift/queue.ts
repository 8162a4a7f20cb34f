import { firstRow, type Queryable } from "../database.ts";
import { type Gift, type GiftRow, giftOf, isOpen, queueOrder, RIGHT_USED_ELSEWHERE, SELECT_GIFT } from "./gift-row.ts";

/** The request that is to be served now: the active one, else the oldest that waits; null when there is none. */
export async function findNextGift(db: Queryable, broadcasterId: string): Promise<string | null> {
  const row = firstRow(
    await db.query<{ gift_request_id: string }>({
      name: "find-next-gift",
      text: `select gift_request_id from gift_requests gift where broadcaster_id = $1 and ${isOpen("gift")}
        order by ${queueOrder("gift")} limit 1`,
      values: [broadcasterId],
    }),
  );
  return row?.gift_request_id ?? null;
}

/** Open requests in the order of the queue, with how many there are. */
export async function listOpenGifts(
  db: Queryable,
  broadcasterId: string,
  limit: number | null = null,
): Promise<{ gifts: Gift[]; queueLength: number }> {
  const result = await db.query<GiftRow & { queue_length: number }>(
    `select gift.*, ${RIGHT_USED_ELSEWHERE}, (row_number() over (order by ${queueOrder("gift")}))::int as queue_position,
            (count(*) over ())::int as queue_length
       from gift_requests gift where broadcaster_id = $1 and ${isOpen("gift")}
      order by ${queueOrder("gift")} limit $2`,
    [broadcasterId, limit],
  );
  return { gifts: result.rows.map(giftOf), queueLength: result.rows[0]?.queue_length ?? 0 };
}

/** Completed requests whose mail was not sent yet, oldest first. */
export async function listUnsentGifts(db: Queryable, broadcasterId: string): Promise<Gift[]> {
  const result = await db.query<GiftRow>(
    `${SELECT_GIFT} where broadcaster_id = $1 and state = 'Completed' and delivered_at is null
      order by completed_at, arrival`,
    [broadcasterId],
  );
  return result.rows.map(giftOf);
}

/** A viewer's newest request, ended ones too; null when there never was one. */
export async function findNewestGift(db: Queryable, broadcasterId: string, viewerId: string): Promise<Gift | null> {
  const row = firstRow(
    await db.query<GiftRow>(
      `${SELECT_GIFT} where broadcaster_id = $1 and twitch_user_id = $2 order by arrival desc limit 1`,
      [broadcasterId, viewerId],
    ),
  );
  return row === null ? null : giftOf(row);
}
