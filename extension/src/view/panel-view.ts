import { PAYOUT_GOLD } from "@mgm/domain/economics";
import type { RouletteStateDto } from "@mgm/domain/wire";
import type { FailureCode } from "../http/client.ts";
import { isActive } from "../reading/pace.ts";
import { momentAt } from "../roulette/moment.ts";
import { count, countdown, duration } from "../texts/amounts.ts";
import { fill, type Texts } from "../texts/texts.ts";
import type { Problem, Sight } from "../viewing/sight.ts";
import { button, type Card, card } from "./card.ts";
import { giftText } from "./gift-text.ts";
import { type HeadView, headView, shown } from "./head-view.ts";
import { isTold, payoutCard, trustText } from "./payout-card.ts";
import type { Spoken } from "./spoken.ts";
import { isOlder } from "./version.ts";

/** A title and what stands below it. */
export type Saying = readonly [title: string, text: string];

/** Everything that the panel shows, in words: the page has only to put it in its places. */
export interface PanelView {
  readonly pool: string;
  readonly head: HeadView;
  /** The card about the viewer. */
  readonly you: Card;
  /** The card below: trouble, the gift, whom to trust, or the last draw. */
  readonly more: Card;
  /** Gold is on its way to the viewer: their card takes the place of the large countdown. */
  readonly isBusy: boolean;
  readonly foot: string;
  readonly rules: readonly Saying[];
  readonly isOutdated: boolean;
  /** For those who do not see: what happened, once. */
  readonly announcement: string;
}

/** What a panel is made from. */
export interface PanelInput extends Spoken {
  readonly sight: Sight;
  /** How long until it is tried again; null while nothing failed. */
  readonly retryInMs: number | null;
  /** This build's version. */
  readonly version: string;
  /** The ended payout that the viewer has put away. */
  readonly dismissedPayoutId: string | null;
}

/** Says everything that is known. */
export function panelView(input: PanelInput): PanelView {
  const { sight, texts, language, now } = input;
  const { state } = sight;
  const head = headView(state, input);
  const you = youCard(input);
  return {
    pool: state === null ? "" : fill(texts.pool, { count: count(language, state.poolParticipantCount) }),
    head,
    you,
    more: moreCard(input),
    isBusy: you.steps.length > 0,
    foot: state === null ? "" : footText(state, input, you.steps.length > 0, now),
    rules: rulesOf(input),
    isOutdated: sight.version !== null && isOlder(input.version, sight.version.minimumExtensionVersion),
    announcement: [head.announcement, you.bar === "" ? "" : you.title].filter((text) => text).join(". "),
  };
}

function youCard(input: PanelInput): Card {
  const { sight, texts, now } = input;
  const { onlooker, state, membership, payout } = sight;
  const { you } = texts;
  if (state === null && sight.problem !== null) return problemCard(sight.problem, input);
  if (onlooker === null || state === null) return card(you.loadingTitle, you.loading);
  if (onlooker.kind === "anonymous") return card(you.anonymousTitle, you.anonymous);
  if (onlooker.kind === "unshared") {
    return card(you.unsharedTitle, you.unshared, { button: button(you.share, "share") });
  }
  const isEnrolled = membership?.isEnrolled === true;
  const isPutAway = payout !== null && payout.id === input.dismissedPayoutId && !isActive(payout);
  if (payout !== null && !isPutAway && isTold(payout, isEnrolled, now)) {
    return payoutCard(payout, state, input);
  }
  if (membership === null) return card(you.loadingTitle, you.loading);
  if (!membership.isEnrolled) return card(you.joinTitle, you.join);
  return card(fill(you.inTitle, { name: membership.characterName ?? "" }), you.in, { bar: "you" });
}

function moreCard(input: PanelInput): Card {
  const { sight, texts, language } = input;
  const { state, payout, problem } = sight;
  if (state === null) return card("", "");
  if (problem !== null) return problemCard(problem, input);
  const gift = giftText(sight.gifts?.mine ?? null, state, input);
  if (payout !== null && isActive(payout) && sight.onlooker?.kind === "known") {
    return card("", [trustText(payout, state, input), gift].filter((text) => text !== "").join(" "));
  }
  if (gift !== "") return card("", gift, { bar: "you" });
  const { lastSpin } = state;
  // While a result is shown above, the same words below would only be noise.
  const gold = count(language, PAYOUT_GOLD);
  if (lastSpin === null) return card("", texts.last.none);
  return card("", fill(shown(texts.last, lastSpin.outcome), { name: lastSpin.characterName, gold }));
}

/** What went wrong, what it means, and what happens next. */
export function problemCard(
  { code, isAskedFor }: Problem,
  input: Pick<PanelInput, "texts" | "sight" | "retryInMs">,
): Card {
  const { texts, sight, retryInMs } = input;
  const [title, text] = errorWords(texts, code);
  const isIn = sight.membership?.isEnrolled === true;
  const seconds = Math.max(0, Math.ceil((retryInMs ?? 0) / 1000));
  const trying = retryInMs === null || seconds === 0 ? "" : fill(texts.tryingIn, { seconds });
  const parts = [text, isIn ? texts.safe : "", trying];
  return card(title, parts.filter((part) => part !== "").join(" "), {
    bar: "bad",
    button: button(texts.again, "retry", isAskedFor && seconds > 0),
  });
}

/** Title and text for a code. */
export function errorWords(texts: Texts, code: FailureCode): Saying {
  const known = texts.errors as Readonly<Partial<Record<string, string[]>>>;
  const [title = "", text = ""] = known[code] ?? texts.errors.other;
  return [title, fill(text, { code })];
}

function footText(state: RouletteStateDto, { texts, language }: Spoken, isBusy: boolean, now: number): string {
  const { nextSpinAt } = momentAt(state, now);
  if (isBusy && nextSpinAt !== null) return fill(texts.nextDraw, { time: countdown(nextSpinAt - now) });
  return fill(texts.foot, {
    gold: count(language, PAYOUT_GOLD),
    interval: duration(language, state.spinIntervalSeconds),
  });
}

function rulesOf({ sight, texts, language }: PanelInput): readonly Saying[] {
  const { state, gifts } = sight;
  const values = {
    gold: count(language, PAYOUT_GOLD),
    interval: duration(language, state?.spinIntervalSeconds ?? 300),
    phrase: state?.acceptPhrase ?? "!twgold",
    queue: gifts === null ? "" : fill(texts.queue, { count: count(language, gifts.queueLength) }),
  };
  return texts.rules.map(([title = "", text = ""]) => [title, fill(text, values)] as const);
}
