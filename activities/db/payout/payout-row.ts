import type { PayoutCause, PayoutState, PayoutStatus } from "@mgm/domain/payout";
import type { Timings } from "@mgm/domain/timings";
import { firstRow, type Queryable, timeOf } from "../database.ts";

/** A stored payout; times are Unix milliseconds. */
export interface Payout extends PayoutState {
  readonly payoutId: string;
  readonly broadcasterId: string;
  readonly spinCycleId: string;
  readonly twitchUserId: string;
  readonly twitchDisplayName: string;
  readonly characterName: string;
  readonly enrollmentRequestId: string;
  readonly copper: number;
  readonly version: number;
  readonly mailConfirmedAt: number | null;
  readonly mailConfirmedBy: PayoutCause | null;
  readonly mailConfirmedDesktop: string | null;
  readonly attention: "open" | "settled" | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
  readonly timings: Timings;
  readonly isAnnounced: boolean;
}

/** A row of {@link SELECT_PAYOUT}. */
export interface PayoutRow {
  payout_id: string;
  broadcaster_id: string;
  spin_cycle_id: string;
  twitch_user_id: string;
  twitch_display_name: string;
  character_name: string;
  enrollment_request_id: string;
  copper: string;
  status: PayoutStatus;
  version: number;
  held_by: string | null;
  accepted_at: Date | null;
  mail_confirmed_at: Date | null;
  mail_confirmed_by: PayoutCause | null;
  mail_confirmed_desktop: string | null;
  attention: "open" | "settled" | null;
  created_at: Date;
  updated_at: Date;
  expires_at: Date;
  timings: Timings;
  is_announced: boolean;
}

/** SQL: a payout with whether it was announced. */
export const PAYOUT_COLUMNS = `payouts.*,
  exists (select from announcement_claims claim where claim.payout_id = payouts.payout_id and claim.state = 'sent')
    as is_announced`;

/** SQL: all payouts; a `where` follows. */
export const SELECT_PAYOUT = `select ${PAYOUT_COLUMNS} from payouts`;

/** Converts a row once, here. */
export function payoutOf(row: PayoutRow): Payout {
  return {
    payoutId: row.payout_id,
    broadcasterId: row.broadcaster_id,
    spinCycleId: row.spin_cycle_id,
    twitchUserId: row.twitch_user_id,
    twitchDisplayName: row.twitch_display_name,
    characterName: row.character_name,
    enrollmentRequestId: row.enrollment_request_id,
    copper: Number(row.copper),
    status: row.status,
    version: row.version,
    heldBy: row.held_by,
    acceptedAt: timeOf(row.accepted_at),
    mailConfirmedAt: timeOf(row.mail_confirmed_at),
    mailConfirmedBy: row.mail_confirmed_by,
    mailConfirmedDesktop: row.mail_confirmed_desktop,
    attention: row.attention,
    createdAt: timeOf(row.created_at),
    updatedAt: timeOf(row.updated_at),
    expiresAt: timeOf(row.expires_at),
    timings: row.timings,
    isAnnounced: row.is_announced,
  };
}

/** Finds a payout of a broadcaster; with `lock` it stays ours until the transaction ends. */
export async function findPayout(
  db: Queryable,
  broadcasterId: string,
  payoutId: string,
  lock: "lock" | "read" = "read",
): Promise<Payout | null> {
  const row = firstRow(
    await db.query<PayoutRow>(
      `${SELECT_PAYOUT} where payout_id = $1 and broadcaster_id = $2 ${lock === "lock" ? "for update" : ""}`,
      [payoutId, broadcasterId],
    ),
  );
  return row === null ? null : payoutOf(row);
}
