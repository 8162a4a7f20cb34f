import type { Client } from "@temporalio/client";
import { createAnnounceActivity, type PostToChat } from "./announce.ts";
import type { GiftActivities, PayoutActivities, ReconcileActivities, SpinActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { createGiftActivities } from "./gift.ts";
import { createPayoutActivities } from "./payout.ts";
import { createReconcileActivities } from "./reconcile.ts";
import { createServeGift } from "./serve-gift.ts";
import { createSpinActivities } from "./spin.ts";
import type { SubscriberCheck } from "./twitch/subscriptions.ts";

/** What activities need from outside. */
export interface ActivityDependencies {
  readonly database: Database;
  readonly postToChat: PostToChat;
  /** For the reconcile job, which looks at workflows from outside. */
  readonly client: Client;
  readonly taskQueue: string;
  /** Asked about viewers who came by chat, after their badges were believed. */
  readonly isSubscriber: SubscriberCheck;
  /** Aborted when the worker begins to stop. */
  readonly stopping: AbortSignal;
}

/** All activities, as a worker registers them. */
export type Activities = SpinActivities & PayoutActivities & GiftActivities & ReconcileActivities;

/** Makes the activities from what they need. */
export function createActivities(deps: ActivityDependencies): Activities {
  return {
    ...createSpinActivities(deps),
    ...createPayoutActivities(deps),
    ...createAnnounceActivity(deps),
    ...createGiftActivities(deps),
    ...createServeGift(deps),
    ...createReconcileActivities(deps),
  };
}
