import type { PayoutSnapshot } from "@mgm/activities/contract";
import type { PayoutCause, PayoutStatus } from "@mgm/domain/payout";
import { defineSignal, defineUpdate } from "@temporalio/workflow";

/** What a payout's workflow begins with: its row. */
export type PayoutInput = PayoutSnapshot;

/** How a payout ended. */
export interface PayoutResult {
  readonly status: PayoutStatus;
  readonly announcement: string | null;
}

/** What an update answers; the full story is in the read model by then. */
export interface PayoutAnswer {
  readonly status: PayoutStatus;
  /** Whether this very request made it Sent; then its announcement is under way. */
  readonly madeSent: boolean;
}

/** Who sends a message. Operators may leave all of it out. */
export interface MessageOrigin {
  readonly cause?: PayoutCause;
  readonly desktopId?: string | null;
  /** The version of the row that the sender saw. */
  readonly rowVersion?: number | null;
}

/** Asks for a status. */
export interface ChangeStatusInput extends MessageOrigin {
  readonly status: PayoutStatus;
}

/** The winner's consent; the name is canonical, the time Unix milliseconds. */
export interface AcceptInput extends MessageOrigin {
  readonly characterName: string | null;
  readonly receivedAt: number;
}

/** A mail confirmation that was recorded. */
export type ConfirmMailInput = MessageOrigin;

/** Name of the workflow. */
export const PAYOUT_WORKFLOW = "payout";

export const changeStatusUpdate = defineUpdate<PayoutAnswer, [ChangeStatusInput]>("changeStatus");
export const acceptUpdate = defineUpdate<PayoutAnswer, [AcceptInput]>("accept");
export const confirmMailUpdate = defineUpdate<PayoutAnswer, [ConfirmMailInput]>("confirmMail");

/** The same three for those who cannot use an answer; a refusal is only logged. */
export const changeStatusSignal = defineSignal<[ChangeStatusInput]>("changeStatusSignal");
export const acceptSignal = defineSignal<[AcceptInput]>("acceptSignal");
export const confirmMailSignal = defineSignal<[ConfirmMailInput?]>("confirmMailSignal");
/** The row was changed: look there. */
export const lookSignal = defineSignal("lookSignal");

/** What the workflow that waits for attention begins with. */
export interface PayoutAttentionInput {
  readonly broadcasterId: string;
  readonly payoutId: string;
  readonly characterName: string;
  readonly twitchUserId: string;
}

/** Ends the wait. */
export interface SettleInput {
  readonly note: string;
  readonly cause?: PayoutCause;
}

/** Name of the workflow. */
export const PAYOUT_ATTENTION_WORKFLOW = "payoutAttention";

export const settleUpdate = defineUpdate<void, [SettleInput]>("settle");
export const settleSignal = defineSignal<[SettleInput]>("settleSignal");
