import type { Database } from "../database.ts";
import { type Gift, getGift } from "./gift-row.ts";

/** Reads an ended request for the workflow that waits for its mail, which knows of everything from then on. */
export async function takeGiftNews(
  database: Database,
  gift: Pick<Gift, "broadcasterId" | "giftRequestId">,
): Promise<Gift> {
  // Unmarked first: what is written after that marks it again.
  await database.query("update gift_requests set untold = false where gift_request_id = $1 and untold", [
    gift.giftRequestId,
  ]);
  return await getGift(database, gift);
}
