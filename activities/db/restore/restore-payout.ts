import type { PayoutSnapshot } from "../../contract.ts";
import { type Database, transact, violates } from "../database.ts";
import { appendPayoutEvents } from "../payout/payout-events.ts";
import { findPayout } from "../payout/payout-row.ts";
import { leavePool } from "../pool/leave.ts";

/** What a workflow's history says about its payout after everything that it wrote. */
export interface RememberedPayout {
  readonly snapshot: PayoutSnapshot;
  /** When that was known, at the latest (Unix milliseconds). */
  readonly at: number;
}

/**
 * `added`, `advanced`: the row was missing or older. `same`: it was what the workflow wrote last. `ahead`: it is newer.
 * `unknown`: it is missing, and the history is too old to write it again. `barred`: another row is in its place.
 */
export type RestoredPayout = "added" | "advanced" | "same" | "ahead" | "unknown" | "barred";

/** Brings a payout's row to where its workflow had brought it before the row was lost or set back. */
export async function restorePayout(database: Database, remembered: RememberedPayout): Promise<RestoredPayout> {
  const { snapshot, at } = remembered;
  try {
    return await transact(database, async (client) => {
      const before = await findPayout(client, snapshot.broadcasterId, snapshot.payoutId, "lock");
      if (before !== null && before.version >= snapshot.version) {
        return before.version === snapshot.version ? "same" : "ahead";
      }
      if (before === null && snapshot.origin === undefined) return "unknown";
      const { heldBy, acceptedAt, mailConfirmation, status, version, payoutId } = snapshot;
      if (before === null) await insert(client, snapshot);
      await client.query(
        `update payouts set status = $2, version = $3, held_by = $4, accepted_at = $5, updated_at = $6,
                mail_confirmed_at = coalesce(mail_confirmed_at, $7),
                mail_confirmed_by = coalesce(mail_confirmed_by, $8),
                mail_confirmed_desktop = coalesce(mail_confirmed_desktop, $9)
          where payout_id = $1`,
        [
          payoutId,
          status,
          version,
          heldBy,
          acceptedAt === null ? null : new Date(acceptedAt),
          new Date(at),
          mailConfirmation === null ? null : new Date(at),
          mailConfirmation?.cause ?? null,
          mailConfirmation?.desktopId ?? null,
        ],
      );
      await appendPayoutEvents(client, snapshot, [
        { event: "status", status, cause: "server", desktopId: null, at, note: "restored from its workflow" },
      ]);
      if (status === "Sent") {
        await leavePool(client, snapshot.broadcasterId, snapshot.twitchUserId, at);
        // Whether the chat was told is not known here, and it is told at most once.
        await client.query(
          `insert into announcement_claims (payout_id, broadcaster_id, state, attempts, attempt_token, claimed_at, ended_at)
           values ($1, $2, 'unknown', 1, gen_random_uuid(), $3, $3) on conflict do nothing`,
          [payoutId, snapshot.broadcasterId, new Date(at)],
        );
      }
      return before === null ? "added" : "advanced";
    });
  } catch (error) {
    const isInTheWay = violates(error, "payouts_one_per_cycle") || violates(error, "payouts_one_active_per_viewer");
    if (!isInTheWay) throw error;
    return "barred";
  }
}

async function insert(client: Parameters<typeof findPayout>[0], snapshot: PayoutSnapshot): Promise<void> {
  const { origin } = snapshot;
  if (origin === undefined) throw new Error("a payout without its origin");
  const createdAt = new Date(origin.createdAt);
  await client.query(
    `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name, character_name,
                          enrollment_request_id, copper, status, version, created_at, updated_at, expires_at,
                          visible_from, timings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'Pending', 1, $9, $9, $10, $9, $11)`,
    [
      snapshot.payoutId,
      snapshot.broadcasterId,
      origin.spinCycleId,
      snapshot.twitchUserId,
      snapshot.twitchDisplayName,
      snapshot.characterName,
      origin.enrollmentRequestId,
      snapshot.copper,
      createdAt,
      new Date(snapshot.expiresAt),
      JSON.stringify(snapshot.timings),
    ],
  );
  const created = { event: "created", status: "Pending", cause: "log", desktopId: null, at: origin.createdAt } as const;
  await appendPayoutEvents(client, snapshot, [created]);
}
