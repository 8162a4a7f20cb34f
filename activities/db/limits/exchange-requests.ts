import type { Queryable } from "../database.ts";

/** Subjects and, for each of their requests, its age in milliseconds. */
export type AgesBySubject = Readonly<Record<string, readonly number[]>>;

/** What one process tells the others, and what it has heard of them already. */
export interface RequestExchange {
  readonly processId: string;
  /** Let through since the last exchange; null when nothing was. */
  readonly ages: AgesBySubject | null;
  readonly heardBatchIds: readonly string[];
  readonly windowMs: number;
}

/** What another process has let through. */
export interface RequestBatch {
  readonly batchId: string;
  readonly ages: AgesBySubject;
  /** How long ago it was told; to be added to the ages. */
  readonly toldMsAgo: number;
}

/**
 * Publishes what this process has let through and returns what the others have, as far as it is not older than the
 * window. Drops what is. One statement, whatever the number of subjects.
 */
export async function exchangeRequests(db: Queryable, exchange: RequestExchange): Promise<RequestBatch[]> {
  const { rows } = await db.query<{ batch_id: string; ages_ms: AgesBySubject; told_ms_ago: number }>({
    name: "exchange-requests",
    text: `with told as (
        insert into exchanged_requests (process_id, ages_ms, published_at)
        select $1, $2::json, clock_timestamp() where $2 is not null
      ), dropped as (
        delete from exchanged_requests where published_at < clock_timestamp() - $4 * interval '1 millisecond'
      )
      select batch_id, ages_ms, (extract(epoch from clock_timestamp() - published_at) * 1000)::float8 as told_ms_ago
        from exchanged_requests
       where process_id <> $1 and batch_id <> all ($3::bigint[])
         and published_at >= clock_timestamp() - $4 * interval '1 millisecond'
       order by batch_id`,
    values: [
      exchange.processId,
      exchange.ages === null ? null : JSON.stringify(exchange.ages),
      exchange.heardBatchIds,
      exchange.windowMs,
    ],
  });
  return rows.map((row) => ({ batchId: row.batch_id, ages: row.ages_ms, toldMsAgo: row.told_ms_ago }));
}
