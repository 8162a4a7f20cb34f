import type { PayoutSnapshot } from "@mgm/activities/contract";
import { COPPER_PER_GOLD, PAYOUT_GOLD } from "@mgm/domain/economics";
import { type SearchAttributePair, TypedSearchAttributes } from "@temporalio/common";
import { BROADCASTER, CHARACTER, GOLD, NEEDS_ATTENTION, STATUS, TWITCH_USER } from "../search-attributes.ts";
import type { PayoutAttentionInput, PayoutInput } from "./messages.ts";

/** How a payout's workflow is started, whoever does it: the cycle, the API, or the reconcile job. */
export function payoutStart(snapshot: PayoutSnapshot): {
  args: [PayoutInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
  staticDetails: string;
  workflowIdReusePolicy: "REJECT_DUPLICATE";
} {
  return {
    args: [snapshot],
    typedSearchAttributes: new TypedSearchAttributes(payoutAttributes(snapshot)),
    staticSummary: `${snapshot.copper / COPPER_PER_GOLD} gold for ${snapshot.characterName} (${shortName(snapshot)})`,
    staticDetails:
      "Gold that is owed to a winner. _Request Cancellation_ cancels it; the updates and signals say what they take. " +
      "Do not terminate or reset it. Every change is kept in `payout_events`.",
    // A payout whose workflow was terminated must not come to life again by itself.
    workflowIdReusePolicy: "REJECT_DUPLICATE",
  };
}

/** What operators see of a payout in lists. */
export function payoutAttributes(snapshot: PayoutSnapshot): SearchAttributePair[] {
  return [
    { key: BROADCASTER, value: snapshot.broadcasterId },
    { key: STATUS, value: snapshot.status },
    { key: CHARACTER, value: snapshot.characterName },
    { key: TWITCH_USER, value: snapshot.twitchUserId },
    { key: GOLD, value: snapshot.copper / COPPER_PER_GOLD },
    { key: NEEDS_ATTENTION, value: false },
  ];
}

/** A summary holds at most 200 bytes; a display name falls back to an id of up to 64 characters. */
function shortName({ twitchDisplayName }: PayoutSnapshot): string {
  return [...twitchDisplayName].slice(0, 25).join("");
}

/** How the workflow that waits for attention is started. */
export function payoutAttentionStart(input: PayoutAttentionInput): {
  args: [PayoutAttentionInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
} {
  return {
    args: [input],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: BROADCASTER, value: input.broadcasterId },
      { key: STATUS, value: "attention" },
      { key: CHARACTER, value: input.characterName },
      { key: TWITCH_USER, value: input.twitchUserId },
      { key: GOLD, value: PAYOUT_GOLD },
      { key: NEEDS_ATTENTION, value: true },
    ]),
    staticSummary: `Somebody must look at the payout of ${input.characterName}`,
  };
}
