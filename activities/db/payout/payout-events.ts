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
  if (events.length === 0) return;
  await db.query({
    name: "append-payout-events",
    text: `insert into payout_events
         (payout_id, event_number, broadcaster_id, event, status, cause, desktop_id, note, at)
       select $1, written.last + added.place, $2, added.event, added.status, added.cause, added.desktop, added.note, added.at
         from (select coalesce(max(event_number), 0) as last from payout_events where payout_id = $1) written,
              unnest($3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::timestamptz[])
                with ordinality as added (event, status, cause, desktop, note, at, place)`,
    values: [
      payout.payoutId,
      payout.broadcasterId,
      events.map(({ event }) => event),
      events.map(({ status }) => status),
      events.map(({ cause }) => cause),
      events.map(({ desktopId }) => desktopId),
      events.map(({ note }) => note ?? null),
      events.map(({ at }) => new Date(at)),
    ],
  });
}
