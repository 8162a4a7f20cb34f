import { isActive } from "@mgm/domain/payout";
import type { PayoutProjection } from "../../contract.ts";
import { type Database, firstRow, transact } from "../database.ts";
import { leavePool } from "../pool/leave.ts";
import { appendPayoutEvents } from "./payout-events.ts";
import { findPayout, PAYOUT_COLUMNS, type Payout, type PayoutRow, payoutOf } from "./payout-row.ts";

/** The row as it is now, and whether this projection is what made it so. */
export interface ProjectionResult {
  readonly applied: boolean;
  readonly payout: Payout;
}

/**
 * Writes a decided change into the read model in one transaction with its events and, on Sent, the winner's leaving
 * the pool. Not applied when the row has moved on since, or when the change would end the payout although its mail is
 * confirmed: the workflow then takes over what the row says and decides again.
 */
export async function projectPayout(database: Database, change: PayoutProjection): Promise<ProjectionResult> {
  return await transact(database, async (client) => {
    const before = await findPayout(client, change.broadcasterId, change.payoutId, "lock");
    if (before === null) throw new Error("a payout to project is not stored");
    const to = change.state.status;
    const endsUnpaid = !isActive(to) && to !== "Sent";
    if (before.version !== change.follows || (endsUnpaid && before.mailConfirmedAt !== null)) {
      return { applied: false, payout: before };
    }
    const isNewFact = change.confirmed && before.mailConfirmedAt === null;
    const after = firstRow(
      await client.query<PayoutRow>(
        `update payouts
            set status = $2, version = version + 1, held_by = $3, accepted_at = $4, updated_at = $5,
                mail_confirmed_at = case when $6 then $5 else mail_confirmed_at end,
                mail_confirmed_by = case when $6 then $7 else mail_confirmed_by end,
                mail_confirmed_desktop = case when $6 then $8 else mail_confirmed_desktop end
          where payout_id = $1 returning ${PAYOUT_COLUMNS}`,
        [
          change.payoutId,
          to,
          change.state.heldBy,
          change.state.acceptedAt === null ? null : new Date(change.state.acceptedAt),
          new Date(change.at),
          isNewFact,
          change.cause,
          change.desktopId,
        ],
      ),
    );
    if (after === null) throw new Error("a payout that is locked is gone");
    const common = { desktopId: change.desktopId, at: change.at };
    await appendPayoutEvents(client, change, [
      ...(isNewFact
        ? [{ ...common, event: "mail_confirmed" as const, status: before.status, cause: change.cause }]
        : []),
      ...(change.accepted ? [{ ...common, event: "accepted" as const, status: to, cause: change.cause }] : []),
      ...change.steps.map((step) => ({ ...common, event: "status" as const, ...step })),
    ]);
    if (to === "Sent" && before.status !== "Sent") {
      await leavePool(client, before.broadcasterId, before.twitchUserId, change.at);
    }
    return { applied: true, payout: payoutOf(after) };
  });
}
