import type { GiftFailureReason, GiftState } from "./gift.ts";
import type { GiftItem } from "./gift-item.ts";
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

/** What the extension's pages get over PubSub whenever the public state changes. */
export interface PublicStateMessage {
  v: 1;
  /** Grows with every message, over restarts too. */
  stateVersion: number;
  state: Omit<RouletteStateDto, "serverNow">;
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

/** How the subscription to the channel's chat stands; the last two where there is none to keep. */
export type EventSubStatus = "enabled" | "pending" | "revoked" | "failed" | "simulated" | "unconfigured";

/** GET /api/broadcaster/dashboard. */
export interface DashboardDto {
  /** The last 20, newest first; `outcome` is null while it is open. */
  spins: {
    spinCycleId: string;
    spunAt: string;
    outcome: SpinOutcome | null;
    characterName: string | null;
    payoutId: string | null;
  }[];
  /** Open ones, oldest first. */
  payouts: PayoutDetailsDto[];
  /** Open ones, in order. */
  giftQueue: GiftRequestDetailsDto[];
  eventSub: { status: EventSubStatus; since: string };
  /** As `<account>:<scope>`. */
  missingGrants: string[];
  desktop: {
    seenAt: string;
    versions: { desktop: string; addon: string | null };
    character: string | null;
    realm: string | null;
    gameFound: boolean | null;
    transport: string | null;
  } | null;
  paused: boolean;
}

export type { GiftFailureReason, GiftState } from "./gift.ts";

/** The item of a gift: a stack in the streamer's bags. */
export type GiftItemDto = GiftItem;

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

/** A gift request as desktop and broadcaster see it. */
export interface GiftRequestDetailsDto extends GiftRequestDto {
  /** The desktop that selected the item: it alone mails it. */
  selectedBy: string | null;
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
