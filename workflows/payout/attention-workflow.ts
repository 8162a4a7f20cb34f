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
import { refusalFailure } from "../refusal-failure.ts";
import { NEEDS_ATTENTION, STATUS } from "../search-attributes.ts";
import { type PayoutAttentionInput, type SettleInput, settleSignal, settleUpdate } from "./messages.ts";

/*
 * Stands in the operators' list until somebody has looked at a payout that ended one way while the game says another.
 * It ends by `settle`, over HTTP or by an operator's hand; cancelling it settles as well.
 */

const NOTE_LIMIT = 500;

const { settleAttention } = proxyLocalActivities<PayoutActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
});

export async function payoutAttention(input: PayoutAttentionInput): Promise<void> {
  let isSettled = false;
  const settle = async ({ note, cause = "operator" }: SettleInput): Promise<void> => {
    const { broadcasterId, payoutId } = input;
    await CancellationScope.nonCancellable(() =>
      settleAttention({ broadcasterId, payoutId, note, cause, at: Date.now() }),
    );
    isSettled = true;
  };
  setHandler(settleUpdate, settle, {
    description: 'Ends the wait, for example {"note":"asked the winner, all well"}',
    validator: ({ note }) => {
      if (!isNote(note)) throw refusalFailure({ ok: false, code: "invalid_payload" });
    },
  });
  setHandler(settleSignal, async (settlement) => {
    if (isNote(settlement?.note)) await settle(settlement);
  });
  setCurrentDetails(
    `The mail for **${input.characterName}** was confirmed although the payout had ended, or its workflow was gone. ` +
      "Look at the payout's events, then send `settle` with a note.",
  );
  try {
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

function isNote(note: unknown): note is string {
  return typeof note === "string" && note.length >= 1 && note.length <= NOTE_LIMIT;
}
