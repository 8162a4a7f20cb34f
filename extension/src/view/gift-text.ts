import type { GiftRequestDto, RouletteStateDto } from "@mgm/domain/wire";
import { roughly } from "../texts/amounts.ts";
import { fill } from "../texts/texts.ts";
import type { Spoken } from "./spoken.ts";

/** How long an ended request is told of. */
const TOLD_FOR_MS = 2 * 3_600_000;

/** What a viewer reads of their gift request; empty when there is nothing (more) to say. */
export function giftText(gift: GiftRequestDto | null, state: RouletteStateDto | null, spoken: Spoken): string {
  if (gift === null) return "";
  const { texts, language, now } = spoken;
  const hasEnded = gift.state === "Failed" || gift.deliveredAt !== null;
  if (hasEnded && now - Date.parse(gift.updatedAt) > TOLD_FOR_MS) return "";
  return fill(wordsFor(gift, texts.gift), {
    position: gift.queuePosition,
    wait: roughly(language, gift.estimatedWaitSeconds),
    item: gift.selectedItem?.name ?? texts.gift.anItem,
    streamer: state?.streamer?.character ?? texts.gift.aCharacter,
    // The realm that swallows the one phrase's mark swallows the other's.
    phrase: state?.acceptPhrase.startsWith("!") === false ? "twgift" : "!twgift",
  });
}

function wordsFor({ state, deliveredAt, failureReason }: GiftRequestDto, words: Spoken["texts"]["gift"]): string {
  if (deliveredAt !== null) return words.delivered;
  if (state === "Failed") return words[failureReason ?? "ended_by_operator"];
  return words[state];
}
