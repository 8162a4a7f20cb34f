import type { Queryable } from "../database.ts";

/** The viewer's answer in the game. */
export interface GiftAnswer {
  readonly broadcasterId: string;
  readonly giftRequestId: string;
  readonly agreed: boolean;
  /** The API's clock at receipt. */
  readonly receivedAt: number;
}

/**
 * Writes the viewer's answer down before the workflow is asked, so that a busy or dead worker cannot make it late. The
 * first one that comes in its time counts; every other changes nothing here.
 */
export async function recordGiftAnswer(db: Queryable, answer: GiftAnswer): Promise<void> {
  await db.query(
    `update gift_requests set agreed = $3, answered_at = $4
      where gift_request_id = $1 and broadcaster_id = $2 and state = 'WaitingConfirmation' and agreed is null
        and timeout_at >= $4`,
    [answer.giftRequestId, answer.broadcasterId, answer.agreed, new Date(answer.receivedAt)],
  );
}
