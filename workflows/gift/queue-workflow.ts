import type { GiftActivities } from "@mgm/activities/contract";
import {
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { giftWorkflowId } from "../ids.ts";
import { arrivedSignal, type GiftQueueInput, type GiftQueueResult } from "./messages.ts";

/*
 * Serves a channel's gift requests one at a time, in the order of their arrival, until nobody waits.
 *
 * The rows are the queue; this workflow only asks which one is next. `serveGift` promotes it and returns when its
 * workflow has ended, however it ended (a terminated one too), and that end is what the next one is promoted by. A run
 * that has grown long is continued as a new one between two requests, when there is nothing to carry over.
 *
 * Whoever arrives while nobody is to be served before them sends `arrived`. The server does not let a workflow end while
 * a signal is unheard, so one that comes in the last moment finds the queue awake.
 */

const { nextGift } = proxyLocalActivities<GiftActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "look in the read model who is next",
});
const SERVING = {
  // Longer than any request lives; a worker that dies is noticed by its missing heartbeats.
  startToCloseTimeout: "1h",
  heartbeatTimeout: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "2s" },
} as const;

/** A channel's gift queue; see the map above. */
export async function giftQueue(input: GiftQueueInput): Promise<GiftQueueResult> {
  const { broadcasterId } = input;
  let served = input.served ?? 0;
  let isWoken = false;
  const wake = (): void => {
    isWoken = true;
  };
  setHandler(arrivedSignal, wake, { description: "Somebody waits; takes no input, and wakes the queue at most" });
  for (;;) {
    isWoken = false;
    const giftRequestId = await nextGift({ broadcasterId });
    if (giftRequestId !== null) {
      const workflowId = giftWorkflowId(giftRequestId);
      setCurrentDetails(`Served ${served}. Now it is the turn of \`${workflowId}\`, whose page says the rest.`);
      const summary = `serve ${workflowId} until its end`;
      await proxyActivities<GiftActivities>({ ...SERVING, summary }).serveGift({ broadcasterId, giftRequestId });
      served += 1;
      if (isLong(input)) await continueAsNew<typeof giftQueue>({ ...input, served });
    } else if (!isWoken) {
      setCurrentDetails(`Served ${served}. Nobody waits.`);
      return { served };
    }
  }
}

function isLong({ maxEvents }: GiftQueueInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || (maxEvents !== undefined && historyLength >= maxEvents);
}
