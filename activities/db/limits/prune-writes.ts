import type { Queryable } from "../database.ts";

/** Removes the rows of those who have written nothing within the window; they say nothing any more. */
export async function pruneCountedWrites(db: Queryable, windowMs: number): Promise<void> {
  await db.query(
    "delete from counted_writes where passed_at[cardinality(passed_at)] < clock_timestamp() - $1 * interval '1 millisecond'",
    [windowMs],
  );
}
