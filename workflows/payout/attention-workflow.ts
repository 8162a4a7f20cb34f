import type { PayoutActivities } from "@mgm/activities/contract";
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { payoutWorkflowId } from "../ids.ts";
import { TurnsOnceTheyMeet } from "../one-at-a-time.ts";
import { quietly } from "../quietly.ts";
import { NEEDS_ATTENTION, STATUS } from "../search-attributes.ts";
import { plainText } from "../story.ts";
import { readSettlementMessage } from "./inputs.ts";
import { type PayoutAttentionInput, settleSignal, settleUpdate } from "./messages.ts";

/*
 * Stands in the operators' list until somebody has looked at a payout that ended one way while the game says another.
 * It ends by `settle`, over HTTP or by an operator's hand; cancelling it settles as well.
 */

const { isAttentionOpen, settleAttention } = proxyLocalActivities<PayoutActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "the payout's open question in the read model",
});

const SETTLE = 'Ends the wait: {"note":"what you found"}, 1 to 500 characters';

/** The wait for somebody who looks; see above. */
export async function payoutAttention(input: PayoutAttentionInput): Promise<void> {
  let isSettled = false;
  const turns = new TurnsOnceTheyMeet("settlements-in-turn");
  const settle = async (settlement: unknown): Promise<void> => {
    const { note, cause } = readSettlementMessage(settlement);
    const { broadcasterId, payoutId } = input;
    await turns.take(async () => {
      await CancellationScope.nonCancellable(() =>
        settleAttention({ broadcasterId, payoutId, note, cause, at: Date.now() }),
      );
      isSettled = true;
    });
  };
  setHandler(settleUpdate, settle, {
    description: SETTLE,
    validator: (settlement) => void readSettlementMessage(settlement),
  });
  setHandler(settleSignal, (settlement) => quietly("settle", () => settle(settlement)), { description: SETTLE });
  setCurrentDetails(
    [
      `The mail for **${plainText(input.characterName)}** was confirmed although the payout had ended, or its workflow ` +
        `(\`${payoutWorkflowId(input.payoutId)}\`) was gone.`,
      "Ask the streamer whether the gold was mailed and look at the payout's events, then send `settle` with a note.",
    ].join("\n\n"),
  );
  try {
    // Whoever started this may have looked before somebody settled it.
    await turns.take(async () => {
      if (!(await isAttentionOpen(input))) isSettled = true;
    });
    await condition(() => isSettled && turns.areAnswered());
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await settle({ note: "the waiting workflow was cancelled" });
  }
  if (!turns.areAnswered()) await CancellationScope.nonCancellable(() => condition(turns.areAnswered));
  setCurrentDetails(`The question about the mail for **${plainText(input.characterName)}** is settled.`);
  upsertSearchAttributes([
    { key: STATUS, value: "settled" },
    { key: NEEDS_ATTENTION, value: false },
  ]);
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}
