import { usesRightUp } from "@mgm/domain/gift";
import type { GiftSnapshot } from "../../contract.ts";
import { type Database, transact, violates } from "../database.ts";
import { findGift, getGift } from "../gift/gift-row.ts";
import { lockGiftArrival, lockGiftViewer } from "../gift/locks.ts";
import { giveRightBack, useRight } from "../gift/write-event.ts";

/** What the histories say about a gift request; times are Unix milliseconds. */
export interface RememberedGift {
  readonly snapshot: GiftSnapshot;
  readonly createdAt: number;
  readonly at: number;
}

/** As for payouts; what is missing can always be written again. */
export type RestoredGift = "added" | "advanced" | "same" | "ahead" | "barred";

/** Brings a gift request's row, and its viewer's right, to where its workflows had brought them. */
export async function restoreGift(database: Database, remembered: RememberedGift): Promise<RestoredGift> {
  const { snapshot, createdAt, at } = remembered;
  try {
    return await transact(database, async (client) => {
      await lockGiftViewer(client, snapshot.broadcasterId, snapshot.viewerId);
      const before = await findGift(client, snapshot.broadcasterId, snapshot.giftRequestId, "lock");
      if (before !== null && before.version >= snapshot.version) {
        return before.version === snapshot.version ? "same" : "ahead";
      }
      if (before === null) {
        await lockGiftArrival(client, snapshot.broadcasterId);
        await client.query(
          `insert into gift_requests (gift_request_id, broadcaster_id, twitch_user_id, twitch_display_name,
               character_name, origin, state, created_at, updated_at, timings)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
          [
            snapshot.giftRequestId,
            snapshot.broadcasterId,
            snapshot.viewerId,
            snapshot.viewerDisplayName,
            snapshot.characterName,
            snapshot.origin,
            snapshot.state,
            new Date(createdAt),
            JSON.stringify(snapshot.timings),
          ],
        );
        await client.query(
          `insert into gift_events (gift_request_id, event_number, broadcaster_id, event, state, cause, at)
           values ($1, 1, $2, 'requested', 'Pending', 'server', $3)`,
          [snapshot.giftRequestId, snapshot.broadcasterId, new Date(createdAt)],
        );
      }
      const { answer } = snapshot.facts;
      await client.query(
        `update gift_requests set state = $2, version = $3, selected_item = $4, selected_by = $5, timeout_at = $6,
                failure_reason = $7, completed_at = $8, delivered_at = $9, agreed = $10, answered_at = $11, updated_at = $12
          where gift_request_id = $1`,
        [
          snapshot.giftRequestId,
          snapshot.state,
          snapshot.version,
          snapshot.selectedItem === null ? null : JSON.stringify(snapshot.selectedItem),
          snapshot.selectedBy,
          dateOf(snapshot.timeoutAt),
          snapshot.failureReason,
          dateOf(snapshot.completedAt),
          dateOf(snapshot.deliveredAt),
          answer?.agreed ?? null,
          dateOf(answer?.at ?? null),
          new Date(at),
        ],
      );
      const gift = await getGift(client, snapshot);
      if (usesRightUp(gift)) await useRight(client, gift, at);
      else await giveRightBack(client, gift);
      return before === null ? "added" : "advanced";
    });
  } catch (error) {
    const isInTheWay =
      violates(error, "gift_requests_one_open_per_viewer") || violates(error, "gift_requests_one_active");
    if (!isInTheWay) throw error;
    return "barred";
  }
}

function dateOf(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
