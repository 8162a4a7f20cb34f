import type { Queryable } from "../database.ts";

/** How often things have ended, and how: only ever growing, because nothing of it is removed or undone. */
export interface Total {
  readonly what: "draw" | "spin" | "payout" | "gift" | "announcement";
  /** Outcome, status or state. */
  readonly end: string;
  /** Why, where ends of that kind have a reason; else empty. */
  readonly reason: string;
  readonly count: number;
}

/** How long winners waited from the draw until their payout was Sent: how many within each bound, and all together. */
export interface Waits {
  /** Of the waits up to each bound, and of all. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

/** Totals of what began in a span of time. */
export interface Totals {
  readonly totals: readonly Total[];
  readonly waits: Waits;
}

/** A span of time, in Unix milliseconds; `until` is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Upper bounds of the waits, in seconds; a payout lives a day and up to an hour. */
export const WAIT_BOUNDS_SECONDS = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 90_000];

/** Whoever claimed that long ago has given up, whatever the row says; and after that nobody claims any more. */
const ANNOUNCED_WITHIN = "interval '10 minutes'";

/** Counts what began in a span: cycles by their boundary, payouts and gift requests by their creation. */
export async function readTotals(db: Queryable, broadcasterId: string, span: Span): Promise<Totals> {
  const values = [broadcasterId, new Date(span.from), new Date(span.until)];
  const { rows: totals } = await db.query<Total>({ name: "read-totals", text: TOTALS, values });
  const { rows } = await db.query<{ bound: number; count: number; seconds: number }>({
    name: "read-waits",
    text: WAITS,
    values: [...values, WAIT_BOUNDS_SECONDS],
  });
  const within = (bound: number) => rows.filter((row) => row.bound <= bound).reduce((sum, { count }) => sum + count, 0);
  return {
    totals,
    waits: {
      counts: [...WAIT_BOUNDS_SECONDS.keys(), WAIT_BOUNDS_SECONDS.length].map(within),
      sumSeconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    },
  };
}

const TOTALS = `
  with cycles as (
    select * from spin_cycles where broadcaster_id = $1 and boundary_at >= $2 and boundary_at < $3
  ), owed as (
    select payout_id from payouts where broadcaster_id = $1 and created_at >= $2 and created_at < $3
  ), claims as (
    select case when claimed_at > clock_timestamp() - ${ANNOUNCED_WITHIN} then state
                when state = 'sending' then 'unknown' when state = 'refused' then 'failed' else state end as state
      from announcement_claims join owed using (payout_id)
  )
  select 'draw' as what, '' as end, '' as reason, count(*)::int as count from cycles where candidate_name is not null
  union all
  select 'spin', outcome, '', count(*)::int from cycles where outcome is not null group by outcome
  union all
  select 'payout', status, '', count(*)::int from owed join payout_events using (payout_id)
   where event = 'status' and status in ('Sent', 'Failed', 'Cancelled', 'Expired') group by status
  union all
  select 'gift', event.state, coalesce(event.reason, ''), count(distinct gift_request_id)::int
    from gift_requests gift join gift_events event using (gift_request_id)
   where gift.broadcaster_id = $1 and gift.created_at >= $2 and gift.created_at < $3
     and event.state in ('Completed', 'Failed')
   group by event.state, event.reason
  union all
  select 'announcement', state, '', count(*)::int from claims
   where state in ('sent', 'held', 'unknown', 'failed') group by state
  union all
  -- No worker was there in time to begin it: it left no claim, and certainly no line in chat.
  select 'announcement', 'failed', '', count(distinct payout_id)::int from owed join payout_events event using (payout_id)
   where event.event = 'status' and event.status = 'Sent' and event.at <= clock_timestamp() - ${ANNOUNCED_WITHIN}
     and not exists (select from announcement_claims claim where claim.payout_id = owed.payout_id)`;

const WAITS = `
  select bound, count(*)::int as count, sum(seconds)::float8 as seconds
    from (select seconds, width_bucket(seconds, $4::float8[]) as bound
            from (select extract(epoch from event.at - cycle.drawn_at)::float8 as seconds
                    from payouts payout
                    join payout_events event using (payout_id)
                    join spin_cycles cycle using (spin_cycle_id)
                   where payout.broadcaster_id = $1 and payout.created_at >= $2 and payout.created_at < $3
                     and event.event = 'status' and event.status = 'Sent') sent) bounded
   group by bound`;
