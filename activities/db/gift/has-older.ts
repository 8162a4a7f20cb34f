import { firstRow, type Queryable } from "../database.ts";
import { isOpen, queueOrder } from "./gift-row.ts";

/** Whether an open request is to be served before this one; its end, then, leads to this one. */
export async function hasOlderGift(db: Queryable, broadcasterId: string, giftRequestId: string): Promise<boolean> {
  const row = firstRow(
    await db.query<{ has_older: boolean }>({
      name: "has-older-gift",
      text: `select exists (
          select from gift_requests older, gift_requests gift
           where gift.gift_request_id = $2 and older.broadcaster_id = $1 and ${isOpen("older")}
             and older.gift_request_id <> $2 and (${queueOrder("older")}) < (${queueOrder("gift")})) as has_older`,
      values: [broadcasterId, giftRequestId],
    }),
  );
  return row?.has_older ?? false;
}
