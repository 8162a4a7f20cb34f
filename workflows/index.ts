/* The one entry of the workflow bundle. Names of workflows are for ever: running ones know them. */
export { giftDelivery } from "./gift/delivery-workflow.ts";
export { giftQueue } from "./gift/queue-workflow.ts";
export { gift } from "./gift/workflow.ts";
export { payoutAttention } from "./payout/attention-workflow.ts";
export { payout } from "./payout/workflow.ts";
export { reconcile } from "./reconcile/workflow.ts";
export { spinCycle } from "./spin/workflow.ts";
