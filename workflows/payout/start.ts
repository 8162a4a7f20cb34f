import type { PayoutSnapshot } from "@mgm/activities/contract";
import { COPPER_PER_GOLD } from "@mgm/domain/economics";
import { type SearchAttributePair, TypedSearchAttributes } from "@temporalio/common";
import { BROADCASTER, CHARACTER, GOLD, NEEDS_ATTENTION, STATUS, TWITCH_USER } from "../search-attributes.ts";
import type { PayoutAttentionInput, PayoutInput } from "./messages.ts";

/** How a payout's workflow is started, whoever does it: the cycle, the API, or the reconcile job. */
export function payoutStart(snapshot: PayoutSnapshot): {
  args: [PayoutInput];
  typedSearchAttributes: TypedSearchAttributes;
  staticSummary: string;
  workflowIdReusePolicy: "REJECT_DUPLICATE";
} {
  return {
    args: [snapshot],
    typedSearchAttributes: new TypedSearchAttributes(payoutAttributes(snapshot)),
    staticSummary: `${snapshot.copper / COPPER_PER_GOLD} gold for ${snapshot.characterName} (${snapshot.twitchDisplayName})`,
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
      { key: NEEDS_ATTENTION, value: true },
    ]),
    staticSummary: `Somebody must look at the payout of ${input.characterName}`,
  };
}
