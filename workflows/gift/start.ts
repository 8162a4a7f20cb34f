import type { GiftSnapshot } from "@mgm/activities/contract";
import { TypedSearchAttributes } from "@temporalio/common";
import { BROADCASTER, CHARACTER, NEEDS_ATTENTION, STATUS, TWITCH_USER } from "../search-attributes.ts";
import { GIFT_WORKFLOW, type GiftDeliveryInput, type GiftInput, type GiftQueueInput } from "./messages.ts";

/** How a request's workflow is started, whoever does it: the API, the queue, or the reconcile job. */
export function giftStart(snapshot: GiftSnapshot): {
  args: [GiftInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
  staticDetails: string;
  workflowIdReusePolicy: "REJECT_DUPLICATE";
} {
  return {
    args: [snapshot],
    typedSearchAttributes: attributes(snapshot, snapshot.state),
    staticSummary: `A gift for ${snapshot.characterName} (${shortName(snapshot)})`,
    staticDetails:
      "A viewer's `!twgift`. _Request Cancellation_ ends it; the updates and signals say what they take. " +
      "Do not terminate or reset it. Every change is kept in `gift_events`.",
    // A request whose workflow was terminated must not come to life again by itself.
    workflowIdReusePolicy: "REJECT_DUPLICATE",
  };
}

/** What finds a channel's requests in the server's list whose workflows run. */
export function runningGifts(broadcasterId: string): string {
  return `WorkflowType = '${GIFT_WORKFLOW}' and ${BROADCASTER.name} = '${broadcasterId}' and ExecutionStatus = 'Running'`;
}

/** How a channel's queue is started. */
export function giftQueueStart(input: GiftQueueInput): {
  args: [GiftQueueInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
} {
  return {
    args: [input],
    typedSearchAttributes: new TypedSearchAttributes([{ key: BROADCASTER, value: input.broadcasterId }]),
    staticSummary: "Gift queue: serves one request at a time",
  };
}

/** How the workflow that waits for a completed gift's mail is started. */
export function giftDeliveryStart({ broadcasterId, giftRequestId, ...viewer }: GiftDeliveryInput): {
  args: [GiftDeliveryInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
} {
  const { viewerId, viewerDisplayName, characterName } = viewer;
  return {
    args: [{ broadcasterId, giftRequestId, viewerId, viewerDisplayName, characterName }],
    typedSearchAttributes: attributes({ broadcasterId, ...viewer }, "unsent"),
    staticSummary: `The mail of a gift for ${characterName} (${shortName(viewer)})`,
  };
}

function attributes(
  gift: Pick<GiftSnapshot, "broadcasterId" | "characterName" | "viewerId">,
  status: string,
): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: BROADCASTER, value: gift.broadcasterId },
    { key: STATUS, value: status },
    { key: CHARACTER, value: gift.characterName },
    { key: TWITCH_USER, value: gift.viewerId },
    { key: NEEDS_ATTENTION, value: false },
  ]);
}

/** A summary holds at most 200 bytes; a display name falls back to a login, which is short, or to an id of up to 64. */
function shortName({ viewerDisplayName }: Pick<GiftSnapshot, "viewerDisplayName">): string {
  return [...viewerDisplayName].slice(0, 25).join("");
}
