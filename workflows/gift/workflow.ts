import type { GiftActivities } from "@mgm/activities/contract";
import type { GiftEvent } from "@mgm/domain/gift";
import { WorkflowExecutionAlreadyStartedError } from "@temporalio/common";
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setHandler,
  startChild,
} from "@temporalio/workflow";
import { giftDeliveryWorkflowId } from "../ids.ts";
import { quietly } from "../quietly.ts";
import { untilMs } from "../until.ts";
import { giftDelivery } from "./delivery-workflow.ts";
import { GiftEntity } from "./entity.ts";
import { listen } from "./handlers.ts";
import { type GiftInput, type GiftResult, promoteSignal } from "./messages.ts";
import { giftDeliveryStart } from "./start.ts";

/*
 * One gift request, from its arrival to its end; the queue waits for that end and promotes the next.
 *
 *   join the queue ─► ask Twitch (chat only; a clear no fails it) ─► wait for the queue's `promote`
 *     ─► SelectingItem, its timer ─► item selected: WaitingConfirmation, its timer ─► Completed
 *
 * It may fail in each of these; cancelling the workflow fails it as `ended_by_operator`. Once Completed, a workflow of
 * its own waits for the item's mail, so that the queue can go on.
 */

/** How long after the end of its time a state is closed: what was received in time may still be on its way. */
const CLOSING_MS = 500;

/** Requests that wait without end for their row to move, from before it, replay as they ran. */
const PROMOTED_AGAIN = "promoted-again";

const { joinGiftQueue } = proxyActivities<GiftActivities>({
  startToCloseTimeout: "10s",
  retry: { initialInterval: "200ms", maximumInterval: "5s" },
  summary: "wake the queue unless somebody is before it",
});
const { confirmSubscriber } = proxyActivities<GiftActivities>({
  startToCloseTimeout: "4s",
  scheduleToCloseTimeout: "10s",
  retry: { initialInterval: "500ms", maximumAttempts: 3 },
  summary: "ask Twitch whether the viewer subscribes",
});

/** One gift request; see the map above. */
export async function gift(input: GiftInput): Promise<GiftResult> {
  const entity = new GiftEntity(input);
  let isPromoted = false;
  listen(entity);
  const promote = (): void => {
    isPromoted = true;
  };
  setHandler(promoteSignal, promote, { description: "It is this request's turn; the queue sends this, not people" });
  entity.tellOperators();

  try {
    await entity.look();
    // Those behind count on this one to wake the queue: neither its end nor a cancellation may come between.
    await CancellationScope.nonCancellable(() => joinGiftQueue(input));
    if (entity.isOpen) await checkSubscriber(entity);
    await condition(() => isPromoted || !entity.isOpen);
    if (entity.isOpen) await beginTurn(entity);
    while (entity.isOpen) await waitInState(entity);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const event: GiftEvent = { type: "failed", reason: "ended_by_operator" };
    await quietly("cancel", () => entity.apply(event, { cause: "operator", desktopId: null }));
  }
  return await CancellationScope.nonCancellable(async () => {
    if (entity.snapshot.state === "Completed" && entity.snapshot.deliveredAt === null) await awaitDelivery(entity);
    await condition(allHandlersFinished);
    return entity.answer;
  });
}

/** Asks Twitch about a viewer whose badges were believed; only a clear no counts, and nobody is kept waiting long. */
async function checkSubscriber(entity: GiftEntity): Promise<void> {
  const { origin, broadcasterId, viewerId } = entity.snapshot;
  if (origin !== "chat") return;
  const ended = condition(() => !entity.isOpen).then(() => null);
  const answer = await Promise.race([askTwitch({ broadcasterId, viewerId }), ended]);
  if (answer !== "no") return;
  await quietly("not_subscriber", () => entity.apply({ type: "failed", reason: "not_subscriber" }));
}

async function askTwitch(viewer: { broadcasterId: string; viewerId: string }): Promise<string | null> {
  try {
    return await confirmSubscriber(viewer);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    log.info("Twitch did not say whether the viewer subscribes; the badges stand");
    return null;
  }
}

async function beginTurn(entity: GiftEntity): Promise<void> {
  const { timings } = entity.snapshot;
  await quietly("promote", () => entity.apply({ type: "promoted", at: Date.now(), timings }));
}

/** Waits until a timed state is left, and closes it when its time is over. */
async function waitInState(entity: GiftEntity): Promise<void> {
  const { state, timeoutAt } = entity.snapshot;
  // Answers first, here too.
  const hasMoved = () => entity.snapshot.state !== state && allHandlersFinished();
  if (timeoutAt === null) {
    // The row went back to waiting (a restored backup). It is this one's turn all the same: the queue waits for its end.
    if (patched(PROMOTED_AGAIN)) await beginTurn(entity);
    return await condition(hasMoved);
  }
  const summary =
    state === "SelectingItem" ? "time for the desktop to select an item" : "time for the viewer to confirm";
  if (await condition(hasMoved, untilMs(timeoutAt), { summary })) return;
  if (await condition(hasMoved, CLOSING_MS, { summary: "what came in time may still arrive" })) return;
  await quietly("time out", () => entity.apply({ type: "timedOut", at: Date.now() }));
}

async function awaitDelivery(entity: GiftEntity): Promise<void> {
  try {
    await startChild(giftDelivery, {
      ...giftDeliveryStart(entity.snapshot),
      workflowId: giftDeliveryWorkflowId(entity.snapshot.giftRequestId),
      // The mail may take its time; the queue need not wait for it.
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
