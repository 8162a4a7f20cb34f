import { SHOWN_GIFTS } from "@mgm/domain/gift-queue";
import { type Database, firstRow, type Queryable, transact } from "../database.ts";
import { type Gift, type GiftRow, giftOf, isOpen, queueOrder, RIGHT_USED_ELSEWHERE, SELECT_GIFT } from "./gift-row.ts";

/** The queue as a viewer sees it, all of one moment; `mine` is their newest request, ended ones too. */
export async function readViewerQueue(
  database: Database,
  broadcasterId: string,
  viewerId: string | null,
): Promise<{ shown: Gift[]; queueLength: number; mine: Gift | null }> {
  return await transact(
    database,
    async (client) => {
      const { gifts, queueLength } = await listOpenGifts(client, broadcasterId, SHOWN_GIFTS);
      const mine = viewerId === null ? null : await findNewestGift(client, broadcasterId, viewerId);
      return { shown: gifts, queueLength, mine };
    },
    "repeatable read",
  );
}

/** What a desktop works on, all of one moment: open requests in their order, then completed ones that were not sent. */
export async function readDesktopQueue(
  database: Database,
  broadcasterId: string,
): Promise<{ open: Gift[]; unsent: Gift[] }> {
  return await transact(
    database,
    async (client) => {
      const { gifts: open } = await listOpenGifts(client, broadcasterId);
      return { open, unsent: await listUnsentGifts(client, broadcasterId) };
    },
    "repeatable read",
  );
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

async function listUnsentGifts(db: Queryable, broadcasterId: string): Promise<Gift[]> {
  const result = await db.query<GiftRow>(
    `${SELECT_GIFT} where broadcaster_id = $1 and state = 'Completed' and delivered_at is null
      order by completed_at, arrival`,
    [broadcasterId],
  );
  return result.rows.map(giftOf);
}

async function findNewestGift(db: Queryable, broadcasterId: string, viewerId: string): Promise<Gift | null> {
  const row = firstRow(
    await db.query<GiftRow>(
      `${SELECT_GIFT} where broadcaster_id = $1 and twitch_user_id = $2 order by arrival desc limit 1`,
      [broadcasterId, viewerId],
    ),
  );
  return row === null ? null : giftOf(row);
}
