import type { Queryable } from "../database.ts";

/** A write that wants to be let through. */
export interface WriteToCount {
  readonly subject: string;
  /** How many of the subject's writes may pass within any window; at least 1. */
  readonly limit: number;
  readonly windowMs: number;
}

/** What became of it. */
export interface WriteCount {
  readonly passed: boolean;
  /** How many were let through in the window that ends now, this one included. */
  readonly count: number;
  /** Until the oldest of them leaves the window; when refused, until a write would pass again. */
  readonly resetMs: number;
}

/**
 * Judges and counts a write in one statement, by the database's clock: the subject's row is locked while its times are
 * looked at, so any number of processes together let through exactly the limit. A refused write is not counted.
 */
export async function countWrite(db: Queryable, { subject, limit, windowMs }: WriteToCount): Promise<WriteCount> {
  const { rows } = await db.query<{ was_passed: boolean; count: number; reset_ms: number }>({
    name: "count-write",
    text: `insert into counted_writes as known (subject, passed_at, was_passed)
      values ($1, array[clock_timestamp()], true)
      on conflict (subject) do update set (passed_at, was_passed) = (
        select case when cardinality(kept) < $2 then kept || at else kept end, cardinality(kept) < $2
          from (select clock_timestamp() as at) as moment,
               lateral (select array(
                 select past from unnest(known.passed_at) as past
                  where past > at - $3 * interval '1 millisecond' order by past) as kept) as sliding)
      returning was_passed, cardinality(passed_at) as count,
        (extract(epoch from passed_at[greatest(1, cardinality(passed_at) - $2 + 1)] - clock_timestamp()) * 1000 + $3
          )::float8 as reset_ms`,
    values: [subject, limit, windowMs],
  });
  const [row] = rows;
  if (row === undefined) throw new Error("an upsert without condition always returns its row");
  return { passed: row.was_passed, count: row.count, resetMs: Math.max(0, row.reset_ms) };
}
