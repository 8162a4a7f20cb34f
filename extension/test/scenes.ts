import type {
  DashboardDto,
  GiftQueueDto,
  GiftRequestDto,
  PayoutDetailsDto,
  PayoutDto,
  PoolMembershipDto,
  RouletteStateDto,
} from "@mgm/domain/wire";
import { CHANNEL } from "./tokens.ts";

/* What the API would say in the situations that viewers meet, with the longest names that can occur where that matters. */

/** A quiet moment at which all scenes are told: 1:18 after a boundary. */
export const NOW = Date.parse("2026-04-04T12:01:18.000Z");
export const BOUNDARY = Date.parse("2026-04-04T12:00:00.000Z");
const at = (ms: number): string => new Date(ms).toISOString();

export const WHEEL = [
  "Арктос",
  "Thrallina",
  "Mirabel",
  "Норинн",
  "Żółwik",
  "Gearwin",
  "Осень",
  "Вьюга",
  "Ёжик",
  "Zugzug",
];

/** The public state between two draws. */
export function state(more: Partial<RouletteStateDto> = {}): RouletteStateDto {
  return {
    nextSpinAt: at(BOUNDARY + 300_000),
    serverNow: at(NOW),
    spinIntervalSeconds: 300,
    poolParticipantCount: 128,
    spinPhase: "collecting",
    phaseEndsAt: at(BOUNDARY + 300_000),
    currentSpinCycleId: "11111111-1111-4111-8111-111111111111",
    candidate: null,
    wheel: WHEEL,
    lastSpin: spun("offline", "Gearwin"),
    paused: false,
    acceptPhrase: "!twgold",
    streamer: { character: "Gnomoteka", realm: "Icecrown" },
    ...more,
  };
}

/** The id of the scenes' payout. */
export const PAYOUT_ID = "22222222-2222-4222-8222-222222222222";

/** A last draw. */
export function spun(outcome: "won" | "offline" | "unverified" | "refused", characterName: string) {
  return { spinCycleId: "11111111-1111-4111-8111-111111111111", spunAt: at(BOUNDARY), outcome, characterName };
}

export function membership(characterName: string | null): PoolMembershipDto {
  return { isEnrolled: characterName !== null, characterName, identityRequired: false };
}

export function payout(more: Partial<PayoutDto> = {}): PayoutDto {
  return {
    id: PAYOUT_ID,
    twitchUserId: "810000001",
    twitchDisplayName: "Norinn_Fan",
    characterName: "Норинн",
    goldAmount: 1000,
    enrollmentRequestId: "chat-1",
    status: "Pending",
    createdAt: at(BOUNDARY + 15_000),
    isRewardSentAnnouncedToChat: false,
    winnerAcceptedWillingToReceiveAt: null,
    expiresAt: at(BOUNDARY + 25 * 3_600_000),
    ...more,
  };
}

export function giftRequest(more: Partial<GiftRequestDto> = {}): GiftRequestDto {
  return {
    id: "33333333-3333-4333-8333-333333333333",
    streamerId: CHANNEL,
    viewerId: "810000001",
    viewerDisplayName: "Norinn_Fan",
    characterName: "Норинн",
    state: "Pending",
    selectedItem: null,
    queuePosition: 3,
    estimatedWaitSeconds: 130,
    createdAt: at(NOW - 20_000),
    updatedAt: at(NOW - 20_000),
    timeoutAt: null,
    failureReason: null,
    deliveredAt: null,
    needsAttention: false,
    ...more,
  };
}

export function giftQueue(mine: GiftRequestDto | null = null): GiftQueueDto {
  return { streamerId: CHANNEL, serverNow: at(NOW), queueLength: mine === null ? 0 : 3, entries: [], mine };
}

/** What the broadcaster's pages are told. */
export function dashboard(more: Partial<DashboardDto> = {}): DashboardDto {
  return {
    spins: [
      { ...spun("won", "Норинн"), payoutId: PAYOUT_ID },
      { ...spun("offline", "Gearwin"), spinCycleId: "44444444-4444-4444-8444-444444444444", payoutId: null },
    ],
    payouts: [details()],
    giftQueue: [{ ...giftRequest(), selectedBy: null }],
    eventSub: { status: "enabled", since: at(BOUNDARY) },
    missingGrants: [],
    desktop: {
      seenAt: at(NOW - 10_000),
      versions: { desktop: "0.1.0", addon: "0.1.0" },
      character: "Gnomoteka",
      realm: "Icecrown",
      gameFound: true,
      transport: "system",
    },
    paused: false,
    ...more,
  };
}

/** A payout as the broadcaster sees it. */
export function details(more: Partial<PayoutDetailsDto> = {}): PayoutDetailsDto {
  return {
    ...payout(),
    updatedAt: at(NOW),
    mailConfirmedAt: null,
    spinCycleId: "11111111-1111-4111-8111-111111111111",
    heldBy: null,
    needsAttention: false,
    ...more,
  };
}
