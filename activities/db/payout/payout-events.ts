import type { PayoutCause, PayoutStatus } from "@mgm/domain/payout";
import type { Queryable } from "../database.ts";

/** One entry of a payout's story. */
export interface PayoutEvent {
  readonly event: "created" | "status" | "accepted" | "mail_confirmed" | "attention" | "settled";
  readonly status: PayoutStatus;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  readonly note?: string;
  readonly at: number;
}

/** Appends to a payout's story; its row must be locked, which is what keeps the numbers apart. */
export async function appendPayoutEvents(
  db: Queryable,
  payout: { readonly payoutId: string; readonly broadcasterId: string },
  events: readonly PayoutEvent[],
): Promise<void> {
  for (const event of events) {
    await db.query(
      `insert into payout_events
         (payout_id, event_number, broadcaster_id, event, status, cause, desktop_id, note, at)
       select $1, coalesce(max(event_number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
         from payout_events where payout_id = $1`,
      [
        payout.payoutId,
        payout.broadcasterId,
        event.event,
        event.status,
        event.cause,
        event.desktopId,
        event.note ?? null,
        new Date(event.at),
      ],
    );
  }
}
