import { rewardSentAnnouncement } from "@mgm/domain/payout";
import type { PayoutDto, RouletteStateDto } from "@mgm/domain/wire";
import { isActive } from "../reading/pace.ts";
import { count, moment } from "../texts/amounts.ts";
import { fill } from "../texts/texts.ts";
import { button, type Card, card, type Step } from "./card.ts";
import type { Spoken } from "./spoken.ts";

/*
 * The winner's card. It always says who will whisper: somebody in the game who pretends to be the streamer is the one
 * fraud that a viewer can fall for.
 */

/** How long after its beginning an ended payout is still told of. */
const TOLD_FOR_MS = 48 * 3_600_000;

/** Whether a payout is still worth a card. */
export function isTold(payout: PayoutDto, isEnrolled: boolean, now: number): boolean {
  if (isActive(payout)) return true;
  // Whoever has joined again looks forward; the other endings left them in the pool.
  if (payout.status === "Sent" && isEnrolled) return false;
  return now - Date.parse(payout.createdAt) < TOLD_FOR_MS;
}

/** The card of a payout. */
export function payoutCard(payout: PayoutDto, state: RouletteStateDto | null, spoken: Spoken): Card {
  const { texts, language } = spoken;
  const values = { name: payout.characterName, gold: count(language, payout.goldAmount), ...streamerOf(state) };
  const say = (text: string): string => fill(text, values);
  const { payout: words } = texts;
  switch (payout.status) {
    case "Pending":
    case "InProgress": {
      const isMailing = payout.status === "InProgress";
      const hasAccepted = payout.winnerAcceptedWillingToReceiveAt !== null;
      const named = state?.streamer != null;
      const step = !hasAccepted ? "answer" : isMailing ? "mailing" : "accepted";
      return card(say(words.wonTitle), say(words[named ? step : (`${step}Unknown` as const)]), {
        bar: "you",
        chip: isMailing ? words.inProgress : words.pending,
        phrase: hasAccepted ? "" : (state?.acceptPhrase ?? ""),
        steps: stepsTo(words.steps, hasAccepted ? 3 : 2),
      });
    }
    case "Sent":
      return card(words.sentTitle, `${rewardSentAnnouncement(payout.characterName)} ${words.left}`, {
        bar: "you",
        chip: words.sent,
        steps: stepsTo(words.steps, words.steps.length),
        button: button(words.ok, "dismiss"),
      });
    default: {
      const ending = ENDINGS[payout.status];
      return card(words[`${ending}Title`], say(words[ending]), { bar: "bad", button: button(words.ok, "dismiss") });
    }
  }
}

const ENDINGS = { Failed: "failed", Cancelled: "cancelled", Expired: "expired" } as const;

/** What an active payout's winner must know besides: whom to trust, and until when. */
export function trustText(payout: PayoutDto, state: RouletteStateDto | null, { texts, language, now }: Spoken): string {
  const when = moment(texts, language, Date.parse(payout.expiresAt), now);
  const text = state?.streamer == null ? texts.payout.onlyUnknown : texts.payout.only;
  return fill(text, { when, ...streamerOf(state) });
}

function streamerOf(state: RouletteStateDto | null): { streamer?: string; realm?: string } {
  return state?.streamer == null ? {} : { streamer: state.streamer.character, realm: state.streamer.realm };
}

function stepsTo(names: readonly string[], reached: number): readonly Step[] {
  return names.map((name, index) => ({ name, state: index < reached ? "done" : index === reached ? "now" : "open" }));
}
