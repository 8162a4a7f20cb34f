import type { PayoutActivities } from "@mgm/activities/contract";
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { NEEDS_ATTENTION, STATUS } from "../search-attributes.ts";
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
  summary: "settle",
});

/** The wait for somebody who looks; see above. */
export async function payoutAttention(input: PayoutAttentionInput): Promise<void> {
  let isSettled = false;
  const settle = async (settlement: unknown): Promise<void> => {
    const { note, cause } = readSettlementMessage(settlement);
    const { broadcasterId, payoutId } = input;
    await CancellationScope.nonCancellable(() =>
      settleAttention({ broadcasterId, payoutId, note, cause, at: Date.now() }),
    );
    isSettled = true;
  };
  setHandler(settleUpdate, settle, {
    description: 'Ends the wait, for example {"note":"asked the winner, all well"}',
    validator: (settlement) => void readSettlementMessage(settlement),
  });
  setHandler(settleSignal, async (settlement) => {
    try {
      await settle(settlement);
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      log.warn("a settlement was refused", { code: error.type });
    }
  });
  setCurrentDetails(
    `The mail for **${input.characterName}** was confirmed although the payout had ended, or its workflow was gone. ` +
      "Look at the payout's events, then send `settle` with a note.",
  );
  try {
    // Whoever started this may have looked before somebody settled it.
    if (!(await isAttentionOpen(input))) isSettled = true;
    await condition(() => isSettled);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await settle({ note: "the waiting workflow was cancelled" });
  }
  upsertSearchAttributes([
    { key: STATUS, value: "settled" },
    { key: NEEDS_ATTENTION, value: false },
  ]);
  await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}
