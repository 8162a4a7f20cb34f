import { firstRow, type Queryable } from "../database.ts";
import { isOpen, queueOrder } from "./gift-row.ts";

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
