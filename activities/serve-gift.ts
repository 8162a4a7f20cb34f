import { isOpenGift } from "@mgm/domain/gift";
import { GIFT_WORKFLOW } from "@mgm/workflows/gift/messages";
import { giftStart } from "@mgm/workflows/gift/start";
import { giftWorkflowId } from "@mgm/workflows/ids";
import { Context } from "@temporalio/activity";
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import type { GiftActivities, GiftName, GiftSnapshot } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { findGift } from "./db/gift/gift-row.ts";
import { settleVanishedGift } from "./db/gift/settle-vanished-gift.ts";
import { wakeGiftQueue } from "./gift.ts";
import { giftSnapshot } from "./snapshots.ts";

const BEAT_EVERY_MS = 3_000;

interface Dependencies {
  readonly database: Database;
  readonly client: Client;
  readonly taskQueue: string;
  /** Aborted when this worker stops: what only waits is left to another one. */
  readonly stopping: AbortSignal;
}

/** The activity by which the queue sees the end of a workflow that is not its child. */
export function createServeGift(deps: Dependencies): Pick<GiftActivities, "serveGift"> {
  return {
    async serveGift({ broadcasterId, giftRequestId }) {
      const gift = await findGift(deps.database, broadcasterId, giftRequestId);
      if (gift === null) return;
      const context = Context.current();
      const beat = setInterval(() => {
        context.heartbeat();
        tellIfEnded(deps, gift).catch((error: unknown) =>
          context.log.warn("a gift's row was not looked at", { error }),
        );
      }, BEAT_EVERY_MS);
      const abandoned = AbortSignal.any([context.cancellationSignal, deps.stopping]);
      try {
        await deps.client.withAbortSignal(abandoned, async () => {
          if (await promote(deps, giftSnapshot(gift))) await untilEnd(deps.client, giftRequestId);
        });
      } catch (error) {
        if (!abandoned.aborted) throw error;
        // An operator has ended the queue. Those who wait are served all the same, and at once.
        if (!deps.stopping.aborted) await wakeGiftQueue(deps, broadcasterId);
        throw ApplicationFailure.create({ type: "worker_stopping", message: "left to another", category: "BENIGN" });
      } finally {
        clearInterval(beat);
      }
      // A workflow that was terminated has left its row as it was.
      await settleVanishedGift(deps.database, gift, Date.now());
    },
  };
}

/** Tells a request that it is its turn; its workflow is started when it is younger than its row. False when it is closed. */
async function promote({ client, taskQueue }: Dependencies, gift: GiftSnapshot): Promise<boolean> {
  try {
    await client.workflow.signalWithStart(GIFT_WORKFLOW, {
      ...giftStart(gift),
      workflowId: giftWorkflowId(gift.giftRequestId),
      taskQueue,
      signal: "promote",
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/**
 * A worker that dies after it wrote an end into the row, and before the server knew of it, leaves a workflow that waits
 * for what has happened. It is told to look, and ends.
 */
async function tellIfEnded({ database, client }: Dependencies, gift: GiftName): Promise<void> {
  const row = await findGift(database, gift.broadcasterId, gift.giftRequestId);
  if (row === null || isOpenGift(row.state)) return;
  await client.workflow.getHandle(giftWorkflowId(gift.giftRequestId)).signal("lookSignal").catch(ignoreClosed);
}

function ignoreClosed(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** The server answers when the workflow has ended, in whatever way. */
async function untilEnd(client: Client, giftRequestId: string): Promise<void> {
  try {
    await client.workflow.getHandle(giftWorkflowId(giftRequestId)).result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError) && !(error instanceof WorkflowNotFoundError)) throw error;
  }
}
