import type { GiftEvent, GiftFacts, GiftRecord } from "@mgm/domain/gift";
import type { PayoutCause, PayoutState, PayoutStep } from "@mgm/domain/payout";
import type { RefusedReason, SpinOutcome } from "@mgm/domain/spin-cycle";
import type { Timings } from "@mgm/domain/timings";

/* What workflows may ask of activities. Workflows import this file by type only. Times are Unix milliseconds. */

/** All that a payout's workflow must know to begin. */
export interface PayoutSnapshot extends PayoutState {
  readonly broadcasterId: string;
  readonly payoutId: string;
  /** What a lost row could not be written again without; workflows that began before it was here do not have it. */
  readonly origin?: { readonly spinCycleId: string; readonly enrollmentRequestId: string; readonly createdAt: number };
  readonly version: number;
  readonly twitchUserId: string;
  readonly twitchDisplayName: string;
  readonly characterName: string;
  readonly copper: number;
  readonly expiresAt: number;
  readonly timings: Timings;
  /** A confirmation that the row already holds; it wins over any other end. */
  readonly mailConfirmation: { readonly cause: PayoutCause; readonly desktopId: string | null } | null;
}

/** A cycle as its workflow sees it. */
export interface CycleSnapshot {
  readonly spinCycleId: string;
  readonly candidateName: string | null;
  readonly candidateUserId: string | null;
  readonly verifyUntil: number;
  readonly reportedOnline: boolean | null;
  readonly outcome: SpinOutcome | null;
  readonly refusedReason: RefusedReason | null;
  readonly payoutId: string | null;
  /** The payout to begin, when the cycle was won. */
  readonly payout: PayoutSnapshot | null;
}

/** Names a boundary's cycle. */
export interface CycleStart {
  readonly broadcasterId: string;
  readonly boundary: number;
  readonly workflowId: string;
  readonly timings: Timings;
}

/** What a spin cycle does to the world. */
export interface SpinActivities {
  storeDraw(
    start: CycleStart,
  ): Promise<{ readonly kind: "stored"; readonly cycle: CycleSnapshot } | { readonly kind: "paused" | "late" }>;
  storeMissed(start: CycleStart): Promise<CycleSnapshot>;
  decideCycle(cycle: { broadcasterId: string; spinCycleId: string; final: boolean }): Promise<CycleSnapshot>;
}

/** A change that a payout's workflow decided on; `follows` is the version that it was decided on. */
export interface PayoutProjection {
  readonly broadcasterId: string;
  readonly payoutId: string;
  readonly follows: number;
  readonly state: PayoutState;
  readonly steps: readonly PayoutStep[];
  readonly accepted: boolean;
  /** The mail is confirmed by this very change; recorded unless it was before. */
  readonly confirmed: boolean;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  readonly at: number;
}

/** How the announcement of a payout ended. */
export type AnnouncementEnd = "sent" | "held" | "unknown" | "failed";

/** What a payout does to the world. */
export interface PayoutActivities {
  projectPayout(change: PayoutProjection): Promise<{ readonly applied: boolean; readonly payout: PayoutSnapshot }>;
  readPayout(payout: { broadcasterId: string; payoutId: string }): Promise<PayoutSnapshot>;
  announcePayout(payout: { broadcasterId: string; payoutId: string; characterName: string }): Promise<AnnouncementEnd>;
  /** Whether somebody still has to look at the payout. */
  isAttentionOpen(payout: { broadcasterId: string; payoutId: string }): Promise<boolean>;
  settleAttention(settlement: {
    broadcasterId: string;
    payoutId: string;
    note: string;
    cause: PayoutCause;
    at: number;
  }): Promise<void>;
}

/** All that a gift request's workflow must know to begin. */
export interface GiftSnapshot extends GiftRecord {
  readonly broadcasterId: string;
  readonly giftRequestId: string;
  readonly version: number;
  readonly viewerId: string;
  readonly viewerDisplayName: string;
  readonly characterName: string;
  readonly origin: "chat" | "http";
  readonly timings: Timings;
  readonly facts: GiftFacts;
}

/** Names a gift request. */
export interface GiftName {
  readonly broadcasterId: string;
  readonly giftRequestId: string;
}

/** An event that a request's workflow decided on; `follows` is the version that it was decided on. */
export interface GiftProjection extends GiftName {
  readonly follows: number;
  readonly event: GiftEvent;
  readonly record: GiftRecord;
  readonly cause: PayoutCause;
  readonly desktopId: string | null;
  readonly at: number;
}

/** What a gift request and the queue do to the world. */
export interface GiftActivities {
  projectGift(projection: GiftProjection): Promise<{ readonly applied: boolean; readonly gift: GiftSnapshot }>;
  readGift(gift: GiftName): Promise<GiftSnapshot>;
  /** Wakes the queue when nobody who is to be served before does. */
  joinGiftQueue(gift: GiftName): Promise<void>;
  /** What Twitch says; fails when it does not say. Earlier builds named no broadcaster: then nobody can be asked. */
  confirmSubscriber(viewer: { broadcasterId?: string; viewerId: string }): Promise<"yes" | "no" | "unconfigured">;
  /** The request that is to be served now; null when nobody waits. */
  nextGift(queue: { broadcasterId: string }): Promise<string | null>;
  /** Promotes a request, waits for the end of its workflow, however it ends, and sees to it that its row has ended. */
  serveGift(gift: GiftName): Promise<void>;
  /** Reads an ended request; from then on its news are known. */
  takeGiftNews(gift: GiftName): Promise<GiftSnapshot>;
  /** Lets an operator change a completed request; what the rules refuse changes nothing. */
  changeEndedGift(
    change: GiftName & { event: Extract<GiftEvent, { type: "sent" | "failed" }>; at: number },
  ): Promise<void>;
}

/** What one run of the reconcile job did. */
export interface ReconcileReport {
  readonly payoutsStarted: number;
  readonly payoutsFailed: number;
  readonly payoutsTold: number;
  readonly confirmationsRepeated: number;
  readonly cyclesDecided: number;
  readonly attentionsStarted: number;
  readonly giftsStarted: number;
  readonly giftsEnded: number;
  readonly giftsTold: number;
  readonly giftQueuesWoken: number;
  readonly giftDeliveriesStarted: number;
  readonly rowsPruned: number;
}

/** What the reconcile job does to the world. */
export interface ReconcileActivities {
  /** Rows younger than `settleAfterMs` are left alone: their workflow may be on its way. */
  reconcile(channel: { broadcasterId: string; settleAfterMs?: number }): Promise<ReconcileReport>;
}
