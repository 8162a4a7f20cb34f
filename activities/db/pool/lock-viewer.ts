import type { Queryable } from "../database.ts";

/**
 * Lets one transaction at a time change a viewer's place in the pool. Taken before anything is read, so that what is
 * judged is what the one before left: a command cannot overtake a removal that it is older than.
 */
export async function lockViewer(db: Queryable, broadcasterId: string, twitchUserId: string): Promise<void> {
  await db.query({
    name: "lock-viewer",
    text: "select pg_advisory_xact_lock(hashtextextended($1, 0))",
    values: [`pool:${broadcasterId}:${twitchUserId}`],
  });
}
