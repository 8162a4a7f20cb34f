import { GIFT_ATTENTION_MS } from "@mgm/domain/gift-queue";
import type { PayoutStatus } from "@mgm/domain/payout";
import { firstRow, type Queryable } from "../database.ts";
import { isOpen } from "../gift/gift-row.ts";

/** What there is of a channel now. Times are Unix seconds, durations seconds; null where there is nothing to tell of. */
export interface Standing {
  readonly poolEntries: number;
  readonly isPaused: boolean;
  /** Newest boundary that had its draw, or was skipped because spins were paused. */
  readonly lastBoundary: number | null;
  readonly openPayouts: readonly OpenPayouts[];
  readonly oldestInProgressSeconds: number | null;
  readonly payoutsNeedingAttention: number;
  readonly openGifts: number;
  readonly unsentGifts: number;
  readonly giftsNeedingAttention: number;
  /** Last beat of the active desktop, or of the one that was so last. */
  readonly desktopSeen: number | null;
  /** Forged lines that desktops ever reported. */
  readonly forgedLines: number;
  /** For how long the server should have ended something that it has not ended. */
  readonly overdueSeconds: { readonly spin: number; readonly payout: number; readonly gift: number };
}

/** Active payouts of one status, and when the first of them expires. */
export interface OpenPayouts {
  readonly status: Extract<PayoutStatus, "Pending" | "InProgress">;
  readonly isAccepted: boolean;
  readonly count: number;
  readonly nextExpiry: number;
}

/** Reads the standing of a channel at one moment of the database's clock. */
export async function readStanding(db: Queryable, broadcasterId: string): Promise<Standing> {
  const row = firstRow(
    await db.query<{ standing: Standing }>({
      name: "read-standing",
      text: STANDING,
      values: [broadcasterId, GIFT_ATTENTION_MS],
    }),
  );
  if (row === null) throw new Error("a select over one row always has a row");
  return row.standing;
}

/** Seconds since the time of a column, less the slack that the row's own timings give. */
const overdue = (due: string): string =>
  `coalesce(greatest(0, max(extract(epoch from clock_timestamp() - ${due}) - (timings->>'slackMs')::float8 / 1000)), 0)`;

const STANDING = `
  select json_build_object(
    'poolEntries', (select count(*) from pool_entries where broadcaster_id = $1),
    'isPaused', coalesce(channel.paused, false),
    'lastBoundary', extract(epoch from greatest(channel.skipped_boundary_at,
      (select boundary_at from spin_cycles where broadcaster_id = $1 and drawn_at is not null
        order by boundary_at desc limit 1))),
    'openPayouts', (select coalesce(json_agg(groups), '[]') from (
      select status, accepted_at is not null as "isAccepted", count(*)::int as count,
             extract(epoch from min(expires_at)) as "nextExpiry"
        from payouts where broadcaster_id = $1 and status in ('Pending', 'InProgress') group by 1, 2) groups),
    'oldestInProgressSeconds', (select extract(epoch from clock_timestamp() - min(begun.at))
       from payouts cross join lateral (
         select max(at) as at from payout_events event
          where event.payout_id = payouts.payout_id and event.event = 'status' and event.status = 'InProgress') begun
      where payouts.broadcaster_id = $1 and payouts.status = 'InProgress'),
    'payoutsNeedingAttention', (select count(*) from payouts where broadcaster_id = $1 and attention = 'open'),
    'openGifts', (select count(*) from gift_requests gift where broadcaster_id = $1 and ${isOpen("gift")}),
    'unsentGifts', unsent.all, 'giftsNeedingAttention', unsent.late,
    'desktopSeen', (select extract(epoch from last_beat_at) from desktop_leases where broadcaster_id = $1),
    'forgedLines', coalesce((select forged_lines from desktop_leases where broadcaster_id = $1), 0),
    'overdueSeconds', json_build_object(
      -- A report that was received in time waits for nothing but a worker.
      'spin', (select ${overdue("least(reported_at, verify_until)")}
                 from spin_cycles where broadcaster_id = $1 and outcome is null),
      'payout', (select ${overdue("expires_at")}
                   from payouts where broadcaster_id = $1 and status in ('Pending', 'InProgress')),
      'gift', (select ${overdue("timeout_at")}
                 from gift_requests gift where broadcaster_id = $1 and ${isOpen("gift")}))) as standing
    from (select) as one
    left join channels channel on channel.broadcaster_id = $1
    cross join lateral (
      select count(*) as all,
             count(*) filter (where completed_at <= clock_timestamp() - $2 * interval '1 millisecond') as late
        from gift_requests where broadcaster_id = $1 and state = 'Completed' and delivered_at is null) unsent`;
