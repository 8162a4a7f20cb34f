import type { PayoutStatus } from "@mgm/domain/payout";
import { firstRow, type Queryable } from "../database.ts";
import { type Payout, type PayoutRow, payoutOf, SELECT_PAYOUT } from "./payout-row.ts";

/** Active payouts, oldest first. */
export async function listActivePayouts(db: Queryable, broadcasterId: string): Promise<Payout[]> {
  const result = await db.query<PayoutRow>(
    `${SELECT_PAYOUT} where broadcaster_id = $1 and status in ('Pending', 'InProgress')
      order by created_at, payout_id`,
    [broadcasterId],
  );
  return result.rows.map(payoutOf);
}

/** The place in the list where a page ended. */
export interface PayoutCursor {
  readonly createdAt: number;
  readonly payoutId: string;
}

/** One page of payouts, newest first; `next` is where the next page begins, null at the end. */
export async function pagePayouts(
  db: Queryable,
  page: { broadcasterId: string; status: PayoutStatus | null; limit: number; before: PayoutCursor | null },
): Promise<{ payouts: Payout[]; next: PayoutCursor | null }> {
  const result = await db.query<PayoutRow>(
    `${SELECT_PAYOUT} where broadcaster_id = $1 and ($2::text is null or status = $2)
        and ($3::timestamptz is null or (created_at, payout_id) < ($3, $4::uuid))
      order by created_at desc, payout_id desc limit $5`,
    [
      page.broadcasterId,
      page.status,
      page.before === null ? null : new Date(page.before.createdAt),
      page.before?.payoutId ?? null,
      page.limit + 1,
    ],
  );
  const payouts = result.rows.slice(0, page.limit).map(payoutOf);
  const last = payouts.at(-1);
  const next = result.rows.length > page.limit && last !== undefined ? last : null;
  return { payouts, next: next === null ? null : { createdAt: next.createdAt, payoutId: next.payoutId } };
}

/** A viewer's newest payout that viewers may know of at `now`; null when there never was one. */
export async function findLastPayout(
  db: Queryable,
  broadcasterId: string,
  twitchUserId: string,
  now: number,
): Promise<Payout | null> {
  const row = firstRow(
    await db.query<PayoutRow>(
      `${SELECT_PAYOUT} where broadcaster_id = $1 and twitch_user_id = $2 and visible_from <= $3
        order by created_at desc, payout_id desc limit 1`,
      [broadcasterId, twitchUserId, new Date(now)],
    ),
  );
  return row === null ? null : payoutOf(row);
}
