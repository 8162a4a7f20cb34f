import type { PayoutStatus } from "./payout.ts";
import type { SpinOutcome } from "./spin-cycle.ts";
import type { SpinPhase } from "./spin-phase.ts";

/* What programs say to each other over HTTP. Times are ISO 8601 UTC with milliseconds. */

/** A payout as viewers see it. */
export interface PayoutDto {
  id: string;
  twitchUserId: string;
  twitchDisplayName: string;
  characterName: string;
  /** In gold pieces. */
  goldAmount: number;
  /** Of the drawn enrolment: the client's id or the chat message id. */
  enrollmentRequestId: string;
  status: PayoutStatus;
  createdAt: string;
  isRewardSentAnnouncedToChat: boolean;
  winnerAcceptedWillingToReceiveAt: string | null;
  expiresAt: string;
}

/** A payout as desktop and broadcaster see it. */
export interface PayoutDetailsDto extends PayoutDto {
  updatedAt: string;
  mailConfirmedAt: string | null;
  spinCycleId: string;
  heldBy: string | null;
  needsAttention: boolean;
}

/** GET /api/roulette/state. */
export interface RouletteStateDto {
  nextSpinAt: string | null;
  serverNow: string;
  spinIntervalSeconds: number;
  poolParticipantCount: number;
  spinPhase: SpinPhase;
  phaseEndsAt: string | null;
  currentSpinCycleId: string | null;
  candidate: string | null;
  wheel: string[];
  lastSpin: { spinCycleId: string; spunAt: string; outcome: SpinOutcome; characterName: string } | null;
  paused: boolean;
  acceptPhrase: string;
  streamer: { character: string; realm: string } | null;
}

/** GET /api/roulette/candidate. */
export interface CandidateDto {
  spinCycleId: string;
  characterName: string;
  spinPhase: SpinPhase;
  verifyUntil: string;
}

/** POST /api/roulette/verify-candidate. */
export interface VerifyResultDto {
  spinCycleId: string;
  outcome: SpinOutcome;
  payoutId: string | null;
}

/** GET /api/pool/me. */
export interface PoolMembershipDto {
  isEnrolled: boolean;
  characterName: string | null;
  identityRequired: boolean;
}

/** POST /api/payouts/claim. */
export interface ClaimDto {
  characterName: string;
  enrollmentRequestId: string;
}

/** POST /api/desktop/heartbeat. */
export interface LeaseDto {
  active: boolean;
  activeDesktopId: string | null;
  activeSince: string | null;
}

/** Every refusal over HTTP. */
export interface ErrorDto {
  code: string;
  message: string;
  details: Record<string, unknown>;
}
