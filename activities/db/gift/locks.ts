import type { Queryable } from "../database.ts";

/**
 * Lets one transaction at a time judge or use a viewer's right to a gift. Taken before the rows of requests: whoever
 * holds a row never waits for this lock.
 */
export async function lockGiftViewer(db: Queryable, broadcasterId: string, viewerId: string): Promise<void> {
  await lock(db, `gift:${broadcasterId}:${viewerId}`);
}

/** Lets requests arrive one after the other, so that their numbers are in the order of their commits. Taken last. */
export async function lockGiftArrival(db: Queryable, broadcasterId: string): Promise<void> {
  await lock(db, `gift-arrival:${broadcasterId}`);
}

async function lock(db: Queryable, key: string): Promise<void> {
  await db.query({ name: "lock-gift", text: "select pg_advisory_xact_lock(hashtextextended($1, 0))", values: [key] });
}
