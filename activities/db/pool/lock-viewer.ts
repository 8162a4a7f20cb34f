import type { Queryable } from "../database.ts";

/**
 * Lets one transaction at a time change a viewer's place in the pool. Taken before anything is read, so that what is
 * judged is what the one before left: a command cannot overtake a removal that it is older than.
 */
export async function lockViewer(db: Queryable, broadcasterId: string, twitchUserId: string): Promise<void> {
  await db.query({
    name: "lock-viewer",
    text: "select pg_advisory_xact_lock(hashtextextended($1, 0))",
    values: [lockKey({ broadcasterId, twitchUserId })],
  });
}

/** The same for several; always in one order, so that two who do this do not wait for each other. */
export async function lockViewers(
  db: Queryable,
  viewers: readonly { readonly broadcasterId: string; readonly twitchUserId: string }[],
): Promise<void> {
  await db.query({
    name: "lock-viewers",
    text: "select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest($1::text[]) as key",
    values: [viewers.map(lockKey).sort()],
  });
}

function lockKey({ broadcasterId, twitchUserId }: { broadcasterId: string; twitchUserId: string }): string {
  return `pool:${broadcasterId}:${twitchUserId}`;
}
