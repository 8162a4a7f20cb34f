import type { Payout } from "@mgm/activities/db/payout/payout-row";
import { COPPER_PER_GOLD } from "@mgm/domain/economics";
import { formatInstant } from "@mgm/domain/instant";
import type { PayoutDetailsDto, PayoutDto } from "@mgm/domain/wire";

/** A payout as viewers see it. */
export function presentPayout(payout: Payout): PayoutDto {
  return {
    id: payout.payoutId,
    twitchUserId: payout.twitchUserId,
    twitchDisplayName: payout.twitchDisplayName,
    characterName: payout.characterName,
    goldAmount: payout.copper / COPPER_PER_GOLD,
    enrollmentRequestId: payout.enrollmentRequestId,
    status: payout.status,
    createdAt: formatInstant(payout.createdAt),
    isRewardSentAnnouncedToChat: payout.isAnnounced,
    winnerAcceptedWillingToReceiveAt: optionalInstant(payout.acceptedAt),
    expiresAt: formatInstant(payout.expiresAt),
  };
}

/** A payout as desktop and broadcaster see it. */
export function presentPayoutDetails(payout: Payout): PayoutDetailsDto {
  return {
    ...presentPayout(payout),
    updatedAt: formatInstant(payout.updatedAt),
    mailConfirmedAt: optionalInstant(payout.mailConfirmedAt),
    spinCycleId: payout.spinCycleId,
    heldBy: payout.heldBy,
    needsAttention: payout.attention === "open",
  };
}

/** A time, or null where there is none. */
export function optionalInstant(time: number | null): string | null {
  return time === null ? null : formatInstant(time);
}
