import type { GiftActivities, GiftSnapshot } from "@mgm/activities/contract";
import { giftAttentionAt } from "@mgm/domain/gift-queue";
import {
  CancellationScope,
  condition,
  isCancellation,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from "@temporalio/workflow";
import { TurnsOnceTheyMeet } from "../one-at-a-time.ts";
import { quietly } from "../quietly.ts";
import { NEEDS_ATTENTION, STATUS } from "../search-attributes.ts";
import { clock, plainText } from "../story.ts";
import { untilMs } from "../until.ts";
import { itemText } from "./entity.ts";
import { readFailure, readSent } from "./inputs.ts";
import { failSignal, type GiftDeliveryInput, type GiftResult, newsSignal, sentSignal } from "./messages.ts";

/*
 * Waits until a completed gift's mail was sent, or until the streamer took the gift back. An hour after the viewer
 * agreed it asks for attention. The row holds the truth, and `news` says that it has changed; an operator's `sentSignal`
 * and `failSignal` change it from here, and cancelling the workflow takes the gift back.
 */

const { takeGiftNews, changeEndedGift } = proxyLocalActivities<GiftActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "the gift's row",
});

/** The wait for a gift's mail; see above. */
export async function giftDelivery(input: GiftDeliveryInput): Promise<GiftResult> {
  let hasNews = false;
  const turns = new TurnsOnceTheyMeet("words-in-turn");
  const change = async (event: Parameters<GiftActivities["changeEndedGift"]>[0]["event"]): Promise<void> => {
    await turns.take(async () => {
      await CancellationScope.nonCancellable(() => changeEndedGift({ ...input, event, at: Date.now() }));
      hasNews = true;
    });
  };
  const look = (): void => {
    hasNews = true;
  };
  setHandler(newsSignal, look, { description: "The gift's row was changed; takes no input" });
  setHandler(
    sentSignal,
    (message) => quietly("sent", () => change({ type: "sent", at: readSent(message).receivedAt })),
    { description: "The item's mail was sent: {}" },
  );
  setHandler(
    failSignal,
    (message) => quietly("fail", () => change({ type: "failed", reason: readFailure(message).reason })),
    { description: 'Take the gift back, so that the viewer may ask again: {"reason":"failed_by_streamer"}' },
  );

  let needsAttention = false;
  for (;;) {
    hasNews = false;
    const gift = await turns.take(() => CancellationScope.nonCancellable(() => takeGiftNews(input)));
    if (!turns.areAnswered()) {
      await CancellationScope.nonCancellable(() => condition(turns.areAnswered));
      continue;
    }
    const attentionAt = giftAttentionAt(gift);
    if (attentionAt === null) return end(gift);
    const isDue = Date.now() >= attentionAt;
    if (isDue !== needsAttention) upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: isDue }]);
    needsAttention = isDue;
    tellOperators(gift, needsAttention);
    try {
      if (needsAttention) await condition(() => hasNews && turns.areAnswered());
      else
        await condition(() => hasNews && turns.areAnswered(), untilMs(attentionAt), {
          summary: "time for the item's mail",
        });
    } catch (error) {
      if (!isCancellation(error)) throw error;
      await change({ type: "failed", reason: "failed_by_streamer" });
    }
  }
}

function end(gift: GiftSnapshot): GiftResult {
  const { state, failureReason, deliveredAt } = gift;
  setCurrentDetails(`${whatIsOwed(gift)}: ${deliveredAt === null ? "taken back" : `sent ${clock(deliveredAt)}`}`);
  upsertSearchAttributes([
    { key: STATUS, value: deliveredAt === null ? state : "sent" },
    { key: NEEDS_ATTENTION, value: false },
  ]);
  return { state, failureReason };
}

function whatIsOwed({ characterName, selectedItem }: GiftSnapshot): string {
  // An operator's word may have completed a request whose item nobody named.
  return `${selectedItem === null ? "A gift" : itemText(selectedItem)} for **${plainText(characterName)}**`;
}

function tellOperators(gift: GiftSnapshot, needsAttention: boolean): void {
  setCurrentDetails(
    [
      `${whatIsOwed(gift)}: the viewer agreed, its mail was not sent yet.`,
      ...(needsAttention
        ? ["An hour has passed. Ask the streamer, then send `sentSignal`, or `failSignal` to take the gift back."]
        : []),
    ].join("\n\n"),
  );
}
