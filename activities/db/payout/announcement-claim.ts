import { randomUUID } from "node:crypto";
import { type Database, firstRow, transact } from "../database.ts";

/** Attempts that one announcement may take. */
export const MAX_ANNOUNCEMENT_ATTEMPTS = 3;

/** How an announcement stands. Only `refused` proves that nothing was posted. */
export type AnnouncementState = "sending" | "refused" | "sent" | "held" | "unknown" | "failed";

/** A claim to send now, or the state in which the announcement has ended. */
export type ClaimAttempt =
  | { readonly isOver: false; readonly token: string; readonly attempt: number }
  | { readonly isOver: true; readonly state: AnnouncementState };

/**
 * Claims the next attempt before anything is sent. A claim that is still `sending` belongs to an attempt that died or
 * hangs: whether it posted is not known, so it is never sent again.
 */
export async function claimAnnouncement(
  database: Database,
  claim: { broadcasterId: string; payoutId: string },
): Promise<ClaimAttempt> {
  return await transact(database, async (client) => {
    const token = randomUUID();
    const inserted = await client.query(
      `insert into announcement_claims (payout_id, broadcaster_id, state, attempts, attempt_token, claimed_at)
       values ($1, $2, 'sending', 1, $3, clock_timestamp()) on conflict do nothing`,
      [claim.payoutId, claim.broadcasterId, token],
    );
    if (inserted.rowCount === 1) return { isOver: false, token, attempt: 1 };
    const row = firstRow(
      await client.query<{ state: AnnouncementState; attempts: number }>(
        "select state, attempts from announcement_claims where payout_id = $1 for update",
        [claim.payoutId],
      ),
    );
    if (row === null) throw new Error("an announcement claim vanished");
    if (row.state === "refused" && row.attempts < MAX_ANNOUNCEMENT_ATTEMPTS) {
      await client.query(
        `update announcement_claims set state = 'sending', attempts = attempts + 1, attempt_token = $2,
                claimed_at = clock_timestamp() where payout_id = $1`,
        [claim.payoutId, token],
      );
      return { isOver: false, token, attempt: row.attempts + 1 };
    }
    const state = row.state === "sending" ? "unknown" : row.state === "refused" ? "failed" : row.state;
    await client.query("update announcement_claims set state = $2, ended_at = clock_timestamp() where payout_id = $1", [
      claim.payoutId,
      state,
    ]);
    return { isOver: true, state };
  });
}

/** Writes how an attempt ended; false when the attempt had lost its claim meanwhile. */
export async function endAnnouncementAttempt(
  database: Database,
  attempt: { payoutId: string; token: string },
  end: { state: AnnouncementState; messageId?: string; reason?: string },
): Promise<boolean> {
  const result = await database.query(
    `update announcement_claims set state = $3, message_id = $4, reason = $5,
            ended_at = case when $3 = 'refused' then null else clock_timestamp() end
      where payout_id = $1 and attempt_token = $2 and state = 'sending'`,
    [attempt.payoutId, attempt.token, end.state, end.messageId ?? null, end.reason ?? null],
  );
  return result.rowCount === 1;
}
