import type { Queryable } from "../database.ts";
import { type Gift, type GiftRow, giftOf, isOpen, SELECT_GIFT } from "../gift/gift-row.ts";

/** How many rows are held in memory at once. */
const BATCH = 500;

/** Open requests older than what may still be on its way (`youngest`, Unix milliseconds), by arrival. */
export async function* openGiftsBefore(db: Queryable, broadcasterId: string, youngest: number): AsyncGenerator<Gift> {
  yield* giftsWhere(db, `${isOpen("gift")} and created_at < $4`, broadcasterId, [new Date(youngest)]);
}

/** How many requests are open. */
export async function countOpenGifts(db: Queryable, broadcasterId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from gift_requests gift where broadcaster_id = $1 and ${isOpen("gift")}`,
    [broadcasterId],
  );
  return rows[0]?.count ?? 0;
}

/** Completed requests that wait for their mail: each must have a workflow that waits for it. */
export async function* unsentGiftsBefore(db: Queryable, broadcasterId: string, youngest: number): AsyncGenerator<Gift> {
  const isUnsent = "state = 'Completed' and delivered_at is null and completed_at < $4";
  yield* giftsWhere(db, isUnsent, broadcasterId, [new Date(youngest)]);
}

/** Ended requests that were changed without their workflow. */
export async function* untoldGifts(db: Queryable, broadcasterId: string): AsyncGenerator<Gift> {
  yield* giftsWhere(db, "untold", broadcasterId, []);
}

/** Ended requests whose workflow was not seen closed yet. */
export async function* endingGifts(db: Queryable, broadcasterId: string, youngest: number): AsyncGenerator<Gift> {
  const isEnding = "not workflow_ended and state in ('Completed', 'Failed') and updated_at < $4";
  yield* giftsWhere(db, isEnding, broadcasterId, [new Date(youngest)]);
}

/** Notes that an ended request's workflow is closed: nobody need look again. */
export async function noteGiftWorkflowEnd(db: Queryable, giftRequestId: string): Promise<void> {
  await db.query("update gift_requests set workflow_ended = true where gift_request_id = $1", [giftRequestId]);
}

async function* giftsWhere(
  db: Queryable,
  condition: string,
  broadcasterId: string,
  values: readonly Date[],
): AsyncGenerator<Gift> {
  for (let after = "0"; ; ) {
    const { rows } = await db.query<GiftRow & { arrival: string }>(
      `${SELECT_GIFT} where broadcaster_id = $1 and arrival > $2 and ${condition} order by arrival limit $3`,
      [broadcasterId, after, BATCH, ...values],
    );
    yield* rows.map(giftOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.arrival;
  }
}
