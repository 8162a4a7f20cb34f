import type { Client } from "@temporalio/client";
import { createAnnounceActivity, type PostToChat } from "./announce.ts";
import type { PayoutActivities, ReconcileActivities, SpinActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { createPayoutActivities } from "./payout.ts";
import { createReconcileActivities } from "./reconcile.ts";
import { createSpinActivities } from "./spin.ts";

/** What activities need from outside. */
export interface ActivityDependencies {
  readonly database: Database;
  readonly postToChat: PostToChat;
  /** For the reconcile job, which looks at workflows from outside. */
  readonly client: Client;
  readonly taskQueue: string;
}

/** All activities, as a worker registers them. */
export type Activities = SpinActivities & PayoutActivities & ReconcileActivities;

/** Makes the activities from what they need. */
export function createActivities(deps: ActivityDependencies): Activities {
  return {
    ...createSpinActivities(deps),
    ...createPayoutActivities(deps),
    ...createAnnounceActivity(deps),
    ...createReconcileActivities(deps),
  };
}
