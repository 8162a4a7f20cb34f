import { demandedByFacts } from "@mgm/domain/gift";
import { GIFT_DELIVERY_WORKFLOW, GIFT_WORKFLOW } from "@mgm/workflows/gift/messages";
import { giftDeliveryStart, giftStart, runningGifts } from "@mgm/workflows/gift/start";
import { giftDeliveryWorkflowId, giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { type Client, WorkflowNotFoundError } from "@temporalio/client";
import type { ReconcileReport } from "./contract.ts";
import type { Database } from "./db/database.ts";
import type { Gift } from "./db/gift/gift-row.ts";
import { settleVanishedGift } from "./db/gift/settle-vanished-gift.ts";
import { takeGiftNews } from "./db/gift/take-news.ts";
import {
  countOpenGifts,
  endingGifts,
  noteGiftWorkflowEnd,
  openGiftsBefore,
  unsentGiftsBefore,
  untoldGifts,
} from "./db/reconcile/suspect-gifts.ts";
import { forEachAtOnce } from "./for-each-at-once.ts";
import { wakeGiftQueue } from "./gift.ts";
import { giftSnapshot } from "./snapshots.ts";
import { listedIds, lookIfRunning, presenceOf, startOnce } from "./workflow-presence.ts";

/*
 * The gift's part of the reconcile job:
 *
 *   open request, no workflow ever          start it
 *   open request, workflow closed           Failed (ended_by_operator); Completed if its mail was sent
 *   open request, facts it has not heard    tell its workflow
 *   open requests, no queue                 wake it
 *   ended, workflow still runs              tell it
 *   completed and unsent, nobody waits      start the workflow that waits for the mail
 *   changed after its end, not told         tell that workflow
 */

const LOOKED_AT_EACH = 100;

interface Dependencies {
  readonly database: Database;
  readonly client: Client;
  readonly taskQueue: string;
  /** The same items, as long as this run is wanted. */
  readonly wanted: <Item>(items: AsyncIterable<Item>) => AsyncGenerator<Item>;
}

type GiftReport = Pick<
  Record<keyof ReconcileReport, number>,
  "giftsStarted" | "giftsEnded" | "giftsTold" | "giftQueuesWoken" | "giftDeliveriesStarted"
>;

/** Brings gift requests and their workflows together; counts what it did in `report`. */
export async function reconcileGifts(
  deps: Dependencies,
  { broadcasterId, youngest }: { broadcasterId: string; youngest: number },
  report: GiftReport,
): Promise<void> {
  let isAnybodyWaiting = false;
  const isListed = await listOfMany(deps, broadcasterId);
  await forEachAtOnce(deps.wanted(openGiftsBefore(deps.database, broadcasterId, youngest)), async (gift) => {
    const done = await settleGift(deps, gift, isListed);
    if (done !== null) report[done] += 1;
    isAnybodyWaiting ||= done !== "giftsEnded";
  });
  if (isAnybodyWaiting && (await presenceOf(deps.client, giftQueueWorkflowId(broadcasterId))) !== "running") {
    await wakeGiftQueue(deps, broadcasterId);
    report.giftQueuesWoken += 1;
  }
  await forEachAtOnce(deps.wanted(endingGifts(deps.database, broadcasterId, youngest)), async (gift) => {
    const told = await tellOfItsEnd(deps, gift);
    report.giftsTold += told;
  });
  for await (const gift of deps.wanted(unsentGiftsBefore(deps.database, broadcasterId, youngest))) {
    report.giftDeliveriesStarted += await startDelivery(deps, gift);
  }
  for await (const gift of deps.wanted(untoldGifts(deps.database, broadcasterId))) {
    report.giftsTold += await tellDelivery(deps, gift);
  }
}

/**
 * Whom the server's list calls running, where there are so many that to look at each would keep it busy. The list
 * follows a moment later: one who has just ended is found by the next run.
 */
async function listOfMany({ database, client }: Dependencies, broadcasterId: string): Promise<ReadonlySet<string>> {
  if ((await countOpenGifts(database, broadcasterId)) <= LOOKED_AT_EACH) return new Set();
  return await listedIds(client, runningGifts(broadcasterId));
}

async function settleGift(
  deps: Dependencies,
  gift: Gift,
  isListed: ReadonlySet<string>,
): Promise<keyof GiftReport | null> {
  const workflowId = giftWorkflowId(gift.giftRequestId);
  switch (isListed.has(workflowId) ? "running" : await presenceOf(deps.client, workflowId)) {
    case "never": {
      const start = { ...giftStart(giftSnapshot(gift)), workflowId, taskQueue: deps.taskQueue };
      return (await startOnce(() => deps.client.workflow.start(GIFT_WORKFLOW, start))) ? "giftsStarted" : null;
    }
    case "closed":
      return (await settleVanishedGift(deps.database, gift, Date.now())) ? "giftsEnded" : null;
    case "running":
      if (demandedByFacts(gift, gift.facts) === null) return null;
      await deps.client.workflow.getHandle(workflowId).signal("lookSignal");
      return "giftsTold";
  }
}

/** A worker that died after it wrote an end may have left its workflow waiting. */
async function tellOfItsEnd(deps: Dependencies, gift: Gift): Promise<number> {
  const workflowId = giftWorkflowId(gift.giftRequestId);
  if (await lookIfRunning(deps.client, workflowId)) return 1;
  await noteGiftWorkflowEnd(deps.database, gift.giftRequestId);
  return 0;
}

async function startDelivery(deps: Dependencies, gift: Gift): Promise<number> {
  const workflowId = giftDeliveryWorkflowId(gift.giftRequestId);
  if ((await presenceOf(deps.client, workflowId)) === "running") return 0;
  const start = { ...giftDeliveryStart(gift), workflowId, taskQueue: deps.taskQueue };
  return (await startOnce(() => deps.client.workflow.start(GIFT_DELIVERY_WORKFLOW, start))) ? 1 : 0;
}

async function tellDelivery(deps: Dependencies, gift: Gift): Promise<number> {
  try {
    await deps.client.workflow.getHandle(giftDeliveryWorkflowId(gift.giftRequestId)).signal("news");
    return 1;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // Nobody waits for these news.
    await takeGiftNews(deps.database, gift);
    return 0;
  }
}
