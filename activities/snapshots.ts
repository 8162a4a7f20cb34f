import type { CycleSnapshot, GiftSnapshot, PayoutSnapshot } from "./contract.ts";
import type { Database } from "./db/database.ts";
import type { Gift } from "./db/gift/gift-row.ts";
import { findPayout, type Payout } from "./db/payout/payout-row.ts";
import type { SpinCycle } from "./db/spin/cycle-row.ts";

/** A stored payout as its workflow sees it. */
export function payoutSnapshot(payout: Payout): PayoutSnapshot {
  return {
    broadcasterId: payout.broadcasterId,
    payoutId: payout.payoutId,
    origin: {
      spinCycleId: payout.spinCycleId,
      enrollmentRequestId: payout.enrollmentRequestId,
      createdAt: payout.createdAt,
    },
    status: payout.status,
    version: payout.version,
    acceptedAt: payout.acceptedAt,
    heldBy: payout.heldBy,
    twitchUserId: payout.twitchUserId,
    twitchDisplayName: payout.twitchDisplayName,
    characterName: payout.characterName,
    copper: payout.copper,
    expiresAt: payout.expiresAt,
    timings: payout.timings,
    mailConfirmation:
      payout.mailConfirmedBy === null
        ? null
        : { cause: payout.mailConfirmedBy, desktopId: payout.mailConfirmedDesktop },
  };
}

/** A stored cycle as its workflow sees it, with the payout that it won. */
export async function cycleSnapshot(database: Database, cycle: SpinCycle): Promise<CycleSnapshot> {
  const payout = cycle.payoutId === null ? null : await findPayout(database, cycle.broadcasterId, cycle.payoutId);
  return {
    spinCycleId: cycle.spinCycleId,
    candidateName: cycle.candidateName,
    candidateUserId: cycle.candidateUserId,
    verifyUntil: cycle.verifyUntil,
    reportedOnline: cycle.reportedOnline,
    outcome: cycle.outcome,
    refusedReason: cycle.refusedReason,
    payoutId: cycle.payoutId,
    payout: payout === null ? null : payoutSnapshot(payout),
  };
}

/** A stored gift request as its workflow sees it. */
export function giftSnapshot(gift: Gift): GiftSnapshot {
  return {
    broadcasterId: gift.broadcasterId,
    giftRequestId: gift.giftRequestId,
    version: gift.version,
    viewerId: gift.viewerId,
    viewerDisplayName: gift.viewerDisplayName,
    characterName: gift.characterName,
    origin: gift.origin,
    timings: gift.timings,
    state: gift.state,
    selectedItem: gift.selectedItem,
    selectedBy: gift.selectedBy,
    timeoutAt: gift.timeoutAt,
    failureReason: gift.failureReason,
    completedAt: gift.completedAt,
    deliveredAt: gift.deliveredAt,
    facts: gift.facts,
  };
}
