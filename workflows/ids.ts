/* How workflows are named. Nobody else builds these texts. */

/** The queue that workers serve unless they are told otherwise. */
export const TASK_QUEUE = "mgm";

/** The schedule that starts a channel's spin cycles. */
export function spinScheduleId(broadcasterId: string): string {
  return `spin-${broadcasterId}`;
}

/** The workflow of one boundary's cycle: the schedule appends the boundary to its base name in just this form. */
export function spinCycleWorkflowId(broadcasterId: string, boundary: number): string {
  return `${spinScheduleId(broadcasterId)}-${new Date(boundary).toISOString().replace(".000Z", "Z")}`;
}

/** The workflow of a payout. */
export function payoutWorkflowId(payoutId: string): string {
  return `payout-${payoutId}`;
}

/** The workflow that waits until somebody has looked at a payout. */
export function payoutAttentionWorkflowId(payoutId: string): string {
  return `payout-attention-${payoutId}`;
}

/** The schedule and the workflow that bring a channel's rows and workflows together. */
export function reconcileScheduleId(broadcasterId: string): string {
  return `reconcile-${broadcasterId}`;
}

/** The workflow of a gift request. */
export function giftWorkflowId(giftRequestId: string): string {
  return `gift-${giftRequestId}`;
}

/** The workflow that waits until a completed gift's mail was sent. */
export function giftDeliveryWorkflowId(giftRequestId: string): string {
  return `gift-delivery-${giftRequestId}`;
}

/** The workflow that serves a channel's gift requests one at a time; none runs while nobody waits. */
export function giftQueueWorkflowId(broadcasterId: string): string {
  return `gift-queue-${broadcasterId}`;
}
