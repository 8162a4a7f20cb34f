import { createAnnounceActivity, type PostToChat } from "./announce.ts";
import type { PayoutActivities, SpinActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { createPayoutActivities } from "./payout.ts";
import { createSpinActivities } from "./spin.ts";

/** What activities need from outside. */
export interface ActivityDependencies {
  readonly database: Database;
  readonly postToChat: PostToChat;
}

/** All activities, as a worker registers them. */
export function createActivities(deps: ActivityDependencies): SpinActivities & PayoutActivities {
  return { ...createSpinActivities(deps), ...createPayoutActivities(deps), ...createAnnounceActivity(deps) };
}
