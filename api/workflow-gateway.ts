import { setTimeout } from "node:timers/promises";
import type { GiftSnapshot, PayoutSnapshot } from "@mgm/activities/contract";
import { isRefusalCode, type Refusal } from "@mgm/domain/refusal";
import { GIFT_WORKFLOW, type GiftAnswer } from "@mgm/workflows/gift/messages";
import { giftStart } from "@mgm/workflows/gift/start";
import { giftWorkflowId, payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import {
  type MessageOrigin,
  PAYOUT_ATTENTION_WORKFLOW,
  PAYOUT_WORKFLOW,
  type PayoutAnswer,
  type PayoutAttentionInput,
  type SettleInput,
} from "@mgm/workflows/payout/messages";
import { payoutAttentionStart, payoutStart } from "@mgm/workflows/payout/start";
import {
  ApplicationFailure,
  type Client,
  isGrpcServiceError,
  ServiceError,
  WithStartWorkflowOperation,
  type Workflow,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
  WorkflowUpdateFailedError,
} from "@temporalio/client";
import pLimit from "p-limit";
import { ApiError } from "./errors.ts";

const AGAIN_AFTER_MS = 100;
/** How many fresh gift requests are begun at once, and how long one may take. */
const GIFTS_BEGINNING = 4;
const BEGIN_WITHIN_MS = 20_000;
/** gRPC's number for what a server does not do in the present state. */
const FAILED_PRECONDITION = 9;

/** What a workflow answered; `gone` when it is closed or never was. */
export type GatewayAnswer<Result> = { readonly kind: "done"; readonly result: Result } | { readonly kind: "gone" };

/** The API's way to the workflows. Every call ends by its deadline (Unix milliseconds), as 503 if need be. */
export class WorkflowGateway {
  readonly #client: Client;
  readonly #taskQueue: string;
  readonly #giftsBeginning = pLimit(GIFTS_BEGINNING);

  constructor(client: Client, taskQueue: string) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  /** Sends an update and returns its answer; a refusal is thrown with its code. */
  async update<Result, Input>(
    workflowId: string,
    update: string,
    input: Input,
    deadlineAt: number,
  ): Promise<GatewayAnswer<Result>> {
    return await this.#call(deadlineAt, async () => ({
      kind: "done",
      result: await this.#executeUpdate<Result, Input>(workflowId, update, input, deadlineAt),
    }));
  }

  /** An update that a signal crossed in the workflow's last moment is given up by the server; asked again, it is a repeat. */
  async #executeUpdate<Result, Input>(
    workflowId: string,
    update: string,
    input: Input,
    deadlineAt: number,
  ): Promise<Result> {
    const handle = this.#client.workflow.getHandle(workflowId);
    for (;;) {
      try {
        return await handle.executeUpdate<Result, [Input]>(update, { args: [input] });
      } catch (error) {
        if (!isGivenUp(error) || Date.now() + AGAIN_AFTER_MS >= deadlineAt) throw error;
        await setTimeout(AGAIN_AFTER_MS);
      }
    }
  }

  /** Sends an update to an active payout; its workflow is started when the row is younger than it. */
  async updatePayout<Message extends MessageOrigin>(
    snapshot: PayoutSnapshot,
    update: string,
    message: Message,
    deadlineAt: number,
  ): Promise<GatewayAnswer<PayoutAnswer>> {
    const workflowId = payoutWorkflowId(snapshot.payoutId);
    const input = { ...message, rowVersion: snapshot.version };
    const answer = await this.update<PayoutAnswer, MessageOrigin>(workflowId, update, input, deadlineAt);
    if (answer.kind === "done") return answer;
    // Whether we start it or its cycle did so a moment ago: if it lives, it answers now.
    await this.startPayout(snapshot, deadlineAt);
    return await this.update<PayoutAnswer, MessageOrigin>(workflowId, update, input, deadlineAt);
  }

  /** Starts a payout's workflow unless there has been one. */
  async startPayout(snapshot: PayoutSnapshot, deadlineAt: number): Promise<void> {
    const workflowId = payoutWorkflowId(snapshot.payoutId);
    await this.#startOnce(PAYOUT_WORKFLOW, { ...payoutStart(snapshot), workflowId }, deadlineAt);
  }

  /** Sends an update to an open gift request; its workflow is started when the row is younger than it. */
  async updateGift<Input>(
    snapshot: GiftSnapshot,
    update: string,
    input: Input,
    deadlineAt: number,
  ): Promise<GatewayAnswer<GiftAnswer>> {
    const workflowId = giftWorkflowId(snapshot.giftRequestId);
    const answer = await this.update<GiftAnswer, Input>(workflowId, update, input, deadlineAt);
    if (answer.kind === "done") return answer;
    await this.startGift(snapshot, deadlineAt);
    return await this.update<GiftAnswer, Input>(workflowId, update, input, deadlineAt);
  }

  /** Starts a gift request's workflow unless there has been one. */
  async startGift(snapshot: GiftSnapshot, deadlineAt: number): Promise<void> {
    const workflowId = giftWorkflowId(snapshot.giftRequestId);
    await this.#startOnce(GIFT_WORKFLOW, { ...giftStart(snapshot), workflowId }, deadlineAt);
  }

  /**
   * Begins a fresh request's workflow, and waits until it has: of very many that arrive at once a few are under way, and
   * the one that is served does not wait behind all the others. Who has not begun by `giveUpAt` is left to the reconcile
   * job, or to the queue when it is their turn.
   */
  async beginGift(snapshot: GiftSnapshot, giveUpAt: number): Promise<void> {
    await this.#giftsBeginning(async () => {
      const deadlineAt = Math.min(giveUpAt, Date.now() + BEGIN_WITHIN_MS);
      if (Date.now() >= giveUpAt) return;
      await this.#call(deadlineAt, async () => ({
        kind: "done",
        result: await this.#client.workflow.executeUpdateWithStart("look", {
          startWorkflowOperation: new WithStartWorkflowOperation(GIFT_WORKFLOW, {
            ...giftStart(snapshot),
            workflowId: giftWorkflowId(snapshot.giftRequestId),
            taskQueue: this.#taskQueue,
            workflowIdConflictPolicy: "USE_EXISTING",
          }),
        }),
      }));
    });
  }

  /** Sends a signal; to a workflow that is closed or never was, it is as good as sent. */
  async signal(workflowId: string, signal: string, deadlineAt: number): Promise<void> {
    await this.#call(deadlineAt, async () => ({
      kind: "done",
      result: await this.#client.workflow.getHandle(workflowId).signal(signal),
    }));
  }

  /** Waits until a payout's workflow has ended, or until the deadline. */
  async untilPayoutEnds(payoutId: string, deadlineAt: number): Promise<void> {
    try {
      await this.#within(deadlineAt, () => this.#client.workflow.getHandle(payoutWorkflowId(payoutId)).result());
    } catch (error) {
      // The caller reads the row either way; how the workflow ended does not matter here.
      if (error instanceof WorkflowFailedError) return;
    }
  }

  /** Starts the workflow that waits for somebody's attention; one is enough. */
  async startAttention(input: PayoutAttentionInput, deadlineAt: number): Promise<void> {
    const workflowId = payoutAttentionWorkflowId(input.payoutId);
    await this.#startOnce(PAYOUT_ATTENTION_WORKFLOW, { ...payoutAttentionStart(input), workflowId }, deadlineAt);
  }

  /** Settles a payout's attention through its workflow, which is started when it is missing. */
  async settle(input: PayoutAttentionInput, settlement: SettleInput, deadlineAt: number): Promise<void> {
    await this.#call(deadlineAt, async () => ({
      kind: "done",
      result: await this.#client.workflow.executeUpdateWithStart<Workflow, void, [SettleInput]>("settle", {
        args: [settlement],
        startWorkflowOperation: new WithStartWorkflowOperation(PAYOUT_ATTENTION_WORKFLOW, {
          ...payoutAttentionStart(input),
          workflowId: payoutAttentionWorkflowId(input.payoutId),
          taskQueue: this.#taskQueue,
          workflowIdConflictPolicy: "USE_EXISTING",
        }),
      }),
    }));
  }

  async #startOnce(
    workflow: string,
    options: Omit<WorkflowStartOptions, "taskQueue">,
    deadlineAt: number,
  ): Promise<void> {
    const taskQueue = this.#taskQueue;
    try {
      await this.#within(deadlineAt, () => this.#client.workflow.start(workflow, { ...options, taskQueue }));
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw unavailable(error);
    }
  }

  async #call<Result>(deadlineAt: number, work: () => Promise<GatewayAnswer<Result>>): Promise<GatewayAnswer<Result>> {
    try {
      return await this.#within(deadlineAt, work);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return { kind: "gone" };
      const refusal = error instanceof WorkflowUpdateFailedError ? refusalOf(error.cause) : null;
      if (refusal !== null) throw new ApiError(refusal.code, refusal.details);
      if (hasEndedMeanwhile(error)) return { kind: "gone" };
      throw unavailable(error);
    }
  }

  async #within<Result>(deadlineAt: number, work: () => Promise<Result>): Promise<Result> {
    return await this.#client.withDeadline(deadlineAt, work);
  }
}

/** The refusal that a workflow answered with; null when it failed in another way. */
function refusalOf(cause: unknown): Refusal | null {
  if (!(cause instanceof ApplicationFailure) || !isRefusalCode(cause.type)) return null;
  const details = cause.details?.[0];
  return { ok: false, code: cause.type, details: (details ?? {}) as Record<string, unknown> };
}

function isGivenUp(error: unknown): boolean {
  return error instanceof ServiceError && isGrpcServiceError(error.cause) && error.cause.code === FAILED_PRECONDITION;
}

/** An update that was accepted by a workflow which then ended before it could answer. */
function hasEndedMeanwhile(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === "AcceptedUpdateCompletedWorkflow"
  );
}

/** Whatever else happens between us and Temporal, the outcome is unknown and the caller may try again. */
function unavailable(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError("temporarily_unavailable", {}, error);
}
