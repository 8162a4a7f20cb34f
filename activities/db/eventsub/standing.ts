import { firstRow, type Queryable } from "../database.ts";

/** How a subscription that is kept stands: `pending` is being verified, `failed` was never had. */
export type KeptStatus = "pending" | "enabled" | "revoked" | "failed";

/** A status and since when it is so, in Unix milliseconds. */
export interface KeptStanding {
  readonly status: KeptStatus;
  readonly since: number;
}

/** How the channel's subscription stands; null before anybody tried to have one. */
export async function readEventSubStanding(db: Queryable, broadcasterId: string): Promise<KeptStanding | null> {
  const row = firstRow(
    await db.query<{ status: KeptStatus; since: Date }>(
      "select status, since from eventsub_status where broadcaster_id = $1",
      [broadcasterId],
    ),
  );
  return row === null ? null : { status: row.status, since: row.since.getTime() };
}
