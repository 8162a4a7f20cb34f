import { findGift, type Gift } from "@mgm/activities/db/gift/gift-row";
import { giftSnapshot } from "@mgm/activities/snapshots";
import { applyGiftEvent, type GiftEvent, isOpenGift } from "@mgm/domain/gift";
import { giftDeliveryWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { type ApiContext, broadcasterOf } from "../../context.ts";
import type { ApiDependencies } from "../../dependencies.ts";
import { ApiError, expectOk } from "../../errors.ts";

/** What a route that changes gift requests needs. */
export type GiftDependencies = Pick<ApiDependencies, "database" | "workflows" | "log">;

/** How long an answer waits until another workflow knows what the row says; the reconcile job tells it otherwise. */
const TELL_WITHIN_MS = 1_000;

/** The caller's request of this id. */
export async function existingGift(
  { database }: Pick<GiftDependencies, "database">,
  ctx: ApiContext,
  giftRequestId: string,
): Promise<Gift> {
  const gift = await findGift(database, broadcasterOf(ctx), giftRequestId);
  if (gift === null) throw new ApiError("not_found");
  return gift;
}

/** A message to a request's workflow, and the event that it stands for. */
export interface GiftMessage {
  readonly update: "selectItem" | "confirm" | "fail" | "sent";
  readonly input: object;
  readonly event: GiftEvent;
}

/**
 * Lets an event happen to a request: by its workflow while it is open, by the rules alone when it has ended. `record`
 * writes down what must not be lost before the workflow is asked.
 */
export async function happenTo(
  deps: GiftDependencies,
  ctx: ApiContext,
  gift: Gift,
  { update, input, event }: GiftMessage,
  record: () => Promise<void> = async () => undefined,
): Promise<Gift> {
  if (!expectOk(applyGiftEvent(gift, event)).changed) {
    await tellOfRepeat(deps, gift);
    return gift;
  }
  await record();
  const answer = await deps.workflows.updateGift(giftSnapshot(gift), update, input, ctx.state.deadlineAt);
  const after = await existingGift(deps, ctx, gift.giftRequestId);
  if (answer.kind === "done") return after;
  // Its workflow vanished; the reconcile job or the queue settles it.
  if (isOpenGift(after.state)) throw new ApiError("temporarily_unavailable");
  if (expectOk(applyGiftEvent(after, event)).changed) throw new ApiError("temporarily_unavailable");
  return after;
}

/** After a repeat: the first time, a worker may have died between writing it down and knowing it. */
export async function tellOfRepeat(deps: GiftDependencies, gift: Gift): Promise<void> {
  const workflowId = giftWorkflowId(gift.giftRequestId);
  await tell(deps, gift, () => deps.workflows.signal(workflowId, "lookSignal", Date.now() + TELL_WITHIN_MS));
}

/** Tells the workflow that waits for a gift's mail that the row has changed. */
export async function tellDelivery(deps: GiftDependencies, gift: Gift): Promise<void> {
  const workflowId = giftDeliveryWorkflowId(gift.giftRequestId);
  await tell(deps, gift, () => deps.workflows.signal(workflowId, "news", Date.now() + TELL_WITHIN_MS));
}

/** Lets an open request's workflow see what the row says of it. */
export async function tellToLook(deps: GiftDependencies, gift: Gift): Promise<void> {
  const snapshot = giftSnapshot(gift);
  await tell(deps, gift, () => deps.workflows.updateGift(snapshot, "look", undefined, Date.now() + TELL_WITHIN_MS));
}

async function tell(deps: GiftDependencies, gift: Gift, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    // The reconcile job tells what was not told; the row itself is safe.
    deps.log.warn({ giftRequestId: gift.giftRequestId, error }, "a gift's workflow was not told yet");
  }
}
