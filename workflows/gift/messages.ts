import type { GiftName, GiftSnapshot } from "@mgm/activities/contract";
import type { GiftFailureReason, GiftState } from "@mgm/domain/gift";
import type { GiftItem } from "@mgm/domain/gift-item";
import type { PayoutCause } from "@mgm/domain/payout";
import { defineSignal, defineUpdate } from "@temporalio/workflow";

/** What a request's workflow begins with: its row. */
export type GiftInput = GiftSnapshot;

/** How a request ended. */
export interface GiftResult {
  readonly state: GiftState;
  readonly failureReason: GiftFailureReason | null;
}

/** What an update answers; the full story is in the read model by then. */
export type GiftAnswer = GiftResult;

/** Who sends a message and when it was received (Unix milliseconds). Operators may leave all of it out. */
export interface MessageOrigin {
  readonly cause?: PayoutCause;
  readonly desktopId?: string | null;
  readonly receivedAt?: number;
}

/** The desktop drew this stack. */
export interface SelectItemInput extends MessageOrigin {
  readonly item: GiftItem;
}

/** The viewer's answer in the game. */
export interface ConfirmInput extends MessageOrigin {
  readonly confirmed: boolean;
}

/** Ends a request. */
export interface FailInput extends MessageOrigin {
  readonly reason: GiftFailureReason;
}

/** The item's mail was sent. */
export type SentInput = MessageOrigin;

/** Name of the workflow. */
export const GIFT_WORKFLOW = "gift";

export const selectItemUpdate = defineUpdate<GiftAnswer, [SelectItemInput]>("selectItem");
export const confirmUpdate = defineUpdate<GiftAnswer, [ConfirmInput]>("confirm");
export const failUpdate = defineUpdate<GiftAnswer, [FailInput]>("fail");
export const sentUpdate = defineUpdate<GiftAnswer, [SentInput]>("sent");
/** Facts were written into the row: look there. */
export const lookUpdate = defineUpdate<GiftAnswer, []>("look");

/** It is this request's turn; the queue alone says so. */
export const promoteSignal = defineSignal("promote");
/** The same as the updates, for those who cannot use an answer; a refusal is only logged. */
export const selectItemSignal = defineSignal<[SelectItemInput]>("selectItemSignal");
export const confirmSignal = defineSignal<[ConfirmInput]>("confirmSignal");
export const failSignal = defineSignal<[FailInput]>("failSignal");
export const sentSignal = defineSignal<[SentInput?]>("sentSignal");
export const lookSignal = defineSignal("lookSignal");

/** Which channel's queue. */
export interface GiftQueueInput {
  readonly broadcasterId: string;
  /** Requests that earlier runs have served. */
  readonly served?: number;
  /** Events after which a run is continued as a new one; the server's own suggestion when absent. */
  readonly maxEvents?: number;
}

/** How many requests a queue served until nobody waited. */
export interface GiftQueueResult {
  readonly served: number;
}

/** Name of the workflow. */
export const GIFT_QUEUE_WORKFLOW = "giftQueue";

/** Somebody waits. */
export const arrivedSignal = defineSignal("arrived");

/** Which completed gift's mail to wait for. */
export type GiftDeliveryInput = GiftName & Pick<GiftSnapshot, "viewerId" | "viewerDisplayName" | "characterName">;

/** Name of the workflow. */
export const GIFT_DELIVERY_WORKFLOW = "giftDelivery";

/** The gift's row was changed. */
export const newsSignal = defineSignal("news");
