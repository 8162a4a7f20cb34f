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
  /** As in {@link RouletteStateDto}: with these a desktop needs no clock and no interval of its own. */
  serverNow: string;
  nextSpinAt: string | null;
  spinIntervalSeconds: number;
  paused: boolean;
}

/** The four states of a gift request that is open or ended well, and the one of all that ended otherwise. */
export type GiftState = "Pending" | "SelectingItem" | "WaitingConfirmation" | "Completed" | "Failed";

/** Why a gift request failed. */
export type GiftFailureReason =
  | "selection_timeout"
  | "confirmation_timeout"
  | "no_items_available"
  | "receiver_declined"
  | "failed_by_streamer"
  | "not_subscriber"
  | "ended_by_operator";

/** The item of a gift: a stack in the streamer's bags. */
export interface GiftItemDto {
  name: string;
  id: number;
  count: number;
  link: string;
  texture: string;
  bagId: number;
  slotId: number;
}

/** A gift request. */
export interface GiftRequestDto {
  id: string;
  streamerId: string;
  viewerId: string;
  viewerDisplayName: string;
  characterName: string;
  state: GiftState;
  selectedItem: GiftItemDto | null;
  /** 1 is the active one; 0 once ended. */
  queuePosition: number;
  estimatedWaitSeconds: number;
  createdAt: string;
  updatedAt: string;
  /** Null outside the two timed states. */
  timeoutAt: string | null;
  failureReason: GiftFailureReason | null;
  /** When the game proved that the item's mail was sent. */
  deliveredAt: string | null;
  needsAttention: boolean;
}

/** GET /api/streamers/{id}/gift-queue. */
export interface GiftQueueDto {
  streamerId: string;
  serverNow: string;
  queueLength: number;
  /** The first 25. */
  entries: Omit<GiftRequestDto, "viewerId">[];
  /** The viewer's newest request, ended ones too. */
  mine: GiftRequestDto | null;
}

/** Every refusal over HTTP. */
export interface ErrorDto {
  code: string;
  message: string;
  details: Record<string, unknown>;
}
