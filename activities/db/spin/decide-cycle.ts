import { randomUUID } from "node:crypto";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { payoutExpiresAt } from "@mgm/domain/payout";
import { type RefusedReason, refusedReason, type SpinOutcome } from "@mgm/domain/spin-cycle";
import { outcomeVisibleFrom } from "@mgm/domain/spin-phase";
import { type Database, firstRow, type Queryable, transact, violates } from "../database.ts";
import { readCandidateStanding } from "../pool/standing.ts";
import { findSpinCycle, type SpinCycle } from "./cycle-row.ts";

/**
 * Decides a cycle by the report that was recorded for it, or, when `final`, as unverified if there is none. What is
 * decided stays so: a repeat returns it. A winner's payout row is made in the same transaction; one that is there already
 * came back from its workflow after a restore, and is the outcome whatever the older row of its cycle says.
 * Returns the cycle; its outcome is null only when nothing was reported and it is not `final`.
 */
export async function decideCycle(
  database: Database,
  cycle: { readonly broadcasterId: string; readonly spinCycleId: string; readonly final: boolean; readonly at: number },
): Promise<SpinCycle> {
  try {
    return await transact(database, (client) => decide(client, cycle));
  } catch (error) {
    if (!violates(error, "payouts_one_active_per_viewer")) throw error;
    // Another cycle of the same viewer was decided at the same moment; now it is seen.
    return await transact(database, (client) => decide(client, cycle));
  }
}

async function decide(
  client: Queryable,
  { broadcasterId, spinCycleId, final, at }: { broadcasterId: string; spinCycleId: string; final: boolean; at: number },
): Promise<SpinCycle> {
  const cycle = await findSpinCycle(client, broadcasterId, spinCycleId, "lock");
  if (cycle === null) throw new Error("a cycle to decide is not stored");
  if (cycle.outcome !== null) return cycle;
  const restored = await findPayoutOf(client, cycle);
  if (restored !== null) return await endCycle(client, cycle, { outcome: "won", ...restored });
  if (cycle.reportedOnline === null) {
    return final ? await endCycle(client, cycle, { outcome: "unverified", at }) : cycle;
  }
  if (!cycle.reportedOnline) return await endCycle(client, cycle, { outcome: "offline", at });
  const reason = refusedReason(await readCandidateStanding(client, broadcasterId, cycle.candidateUserId ?? ""));
  if (reason !== null) return await endCycle(client, cycle, { outcome: "refused", reason, at });
  const payoutId = randomUUID();
  await insertPayout(client, cycle, payoutId, at);
  return await endCycle(client, cycle, { outcome: "won", payoutId, at });
}

async function findPayoutOf(client: Queryable, cycle: SpinCycle): Promise<{ payoutId: string; at: number } | null> {
  const row = firstRow(
    await client.query<{ payout_id: string; created_at: Date }>(
      "select payout_id, created_at from payouts where spin_cycle_id = $1",
      [cycle.spinCycleId],
    ),
  );
  return row === null ? null : { payoutId: row.payout_id, at: row.created_at.getTime() };
}

async function endCycle(
  client: Queryable,
  cycle: SpinCycle,
  end: { outcome: SpinOutcome; at: number; reason?: RefusedReason; payoutId?: string },
): Promise<SpinCycle> {
  // Nobody wins without a report; the row may have forgotten it, and it is answered again for ever.
  const reportedOnline = end.outcome === "won" || cycle.reportedOnline;
  await client.query(
    `update spin_cycles set outcome = $2, outcome_at = $3, refused_reason = $4, payout_id = $5, reported_online = $6
      where spin_cycle_id = $1`,
    [cycle.spinCycleId, end.outcome, new Date(end.at), end.reason ?? null, end.payoutId ?? null, reportedOnline],
  );
  return {
    ...cycle,
    reportedOnline,
    outcome: end.outcome,
    outcomeAt: end.at,
    refusedReason: end.reason ?? null,
    payoutId: end.payoutId ?? null,
  };
}

async function insertPayout(client: Queryable, cycle: SpinCycle, payoutId: string, at: number): Promise<void> {
  await client.query(
    `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name,
                          character_name, enrollment_request_id, copper, status, version, created_at, updated_at,
                          expires_at, visible_from, timings)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'Pending', 1, $9, $9, $10, $11, $12)`,
    [
      payoutId,
      cycle.broadcasterId,
      cycle.spinCycleId,
      cycle.candidateUserId,
      cycle.candidateDisplayName,
      cycle.candidateName,
      cycle.enrollmentRequestId,
      PAYOUT_COPPER,
      new Date(at),
      new Date(payoutExpiresAt(at, cycle.timings)),
      new Date(outcomeVisibleFrom(cycle.boundary, cycle.timings)),
      JSON.stringify(cycle.timings),
    ],
  );
  await client.query(
    `insert into payout_events (payout_id, event_number, broadcaster_id, event, status, cause, at)
     values ($1, 1, $2, 'created', 'Pending', 'log', $3)`,
    [payoutId, cycle.broadcasterId, new Date(at)],
  );
}
