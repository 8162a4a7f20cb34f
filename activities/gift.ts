import { GIFT_QUEUE_WORKFLOW } from "@mgm/workflows/gift/messages";
import { giftQueueStart } from "@mgm/workflows/gift/start";
import { giftQueueWorkflowId } from "@mgm/workflows/ids";
import type { Client } from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import type { GiftActivities } from "./contract.ts";
import type { Database } from "./db/database.ts";
import { changeEndedGift } from "./db/gift/change-ended.ts";
import { getGift } from "./db/gift/gift-row.ts";
import { hasOlderGift } from "./db/gift/has-older.ts";
import { findNextGift } from "./db/gift/next-gift.ts";
import { projectGift } from "./db/gift/project-gift.ts";
import { takeGiftNews } from "./db/gift/take-news.ts";
import { giftSnapshot } from "./snapshots.ts";
import type { SubscriberCheck } from "./twitch/subscriptions.ts";

/** What the gift's activities need from outside. */
export interface GiftDependencies {
  readonly database: Database;
  readonly client: Client;
  readonly taskQueue: string;
  readonly isSubscriber: SubscriberCheck;
}

/** The gift's activities, but for the one that serves. */
export function createGiftActivities(deps: GiftDependencies): Omit<GiftActivities, "serveGift"> {
  const { database } = deps;
  return {
    async projectGift(projection) {
      const { applied, gift } = await projectGift(database, projection);
      return { applied, gift: giftSnapshot(gift) };
    },
    async readGift(gift) {
      return giftSnapshot(await getGift(database, gift));
    },
    async joinGiftQueue({ broadcasterId, giftRequestId }) {
      if (!(await hasOlderGift(database, broadcasterId, giftRequestId))) await wakeGiftQueue(deps, broadcasterId);
    },
    async confirmSubscriber({ broadcasterId, viewerId }) {
      if (broadcasterId === undefined) return "unconfigured";
      const answer = await deps.isSubscriber({ broadcasterId, viewerId });
      if (answer !== "unavailable") return answer;
      throw ApplicationFailure.create({ type: "twitch_unavailable", message: "no answer", category: "BENIGN" });
    },
    async nextGift({ broadcasterId }) {
      return await findNextGift(database, broadcasterId);
    },
    async takeGiftNews(gift) {
      return giftSnapshot(await takeGiftNews(database, gift));
    },
    async changeEndedGift({ event, at, ...name }) {
      const gift = await getGift(database, name);
      await changeEndedGift(database, gift, { event, cause: "operator", desktopId: null, at });
    },
  };
}

/** Tells a channel's queue that somebody waits; it is started when it has ended. */
export async function wakeGiftQueue(
  { client, taskQueue }: Pick<GiftDependencies, "client" | "taskQueue">,
  broadcasterId: string,
): Promise<void> {
  await client.workflow.signalWithStart(GIFT_QUEUE_WORKFLOW, {
    ...giftQueueStart({ broadcasterId }),
    workflowId: giftQueueWorkflowId(broadcasterId),
    taskQueue,
    signal: "arrived",
  });
}
