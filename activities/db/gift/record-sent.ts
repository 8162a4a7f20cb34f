import { isOpenGift } from "@mgm/domain/gift";
import type { PayoutCause } from "@mgm/domain/payout";
import { type Database, firstRow, transact } from "../database.ts";
import { applyToEnded } from "./change-ended.ts";
import { findGift, type Gift, type GiftRow, getGift, giftOf, isOpen, SELECT_GIFT } from "./gift-row.ts";
import { lockGiftViewer } from "./locks.ts";
import { useRight } from "./write-event.ts";

/** The game's (or the streamer's) word that the item's mail left. */
export interface GiftSent {
  readonly broadcasterId: string;
  readonly giftRequestId: string;
  readonly cause: PayoutCause;
  readonly desktopId: string;
  /** The API's clock at receipt. */
  readonly receivedAt: number;
}

/** The request as it is now, and an open one of the same viewer, which must fail: the right is used up. */
export interface RecordedGiftSent {
  readonly gift: Gift;
  readonly rival: Gift | null;
}

/**
 * Writes down that a gift's mail was sent, in whatever state, and uses its viewer's right up. An ended request is
 * changed here; an open one is completed by its workflow. Null when there is no such request.
 */
export async function recordGiftSent(database: Database, sent: GiftSent): Promise<RecordedGiftSent | null> {
  return await transact(database, async (client) => {
    const seen = await findGift(client, sent.broadcasterId, sent.giftRequestId);
    if (seen === null) return null;
    await lockGiftViewer(client, sent.broadcasterId, seen.viewerId);
    const before = await getGift(client, sent, "lock");
    if (isOpenGift(before.state)) {
      await client.query(
        "update gift_requests set delivered_at = coalesce(delivered_at, $2) where gift_request_id = $1",
        [sent.giftRequestId, new Date(sent.receivedAt)],
      );
      await useRight(client, before, sent.receivedAt);
    } else {
      const { cause, desktopId, receivedAt: at } = sent;
      await applyToEnded(client, before, { event: { type: "sent", at }, cause, desktopId, at });
    }
    const rival = firstRow(
      await client.query<GiftRow>(
        `${SELECT_GIFT} where broadcaster_id = $1 and twitch_user_id = $2 and gift_request_id <> $3 and ${isOpen("gift")}`,
        [sent.broadcasterId, before.viewerId, sent.giftRequestId],
      ),
    );
    return { gift: await getGift(client, sent), rival: rival === null ? null : giftOf(rival) };
  });
}
