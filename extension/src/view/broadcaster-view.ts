import { PAYOUT_GOLD } from "@mgm/domain/economics";
import { momentAt } from "../roulette/moment.ts";
import { ago, timeOfDay } from "../texts/ages.ts";
import { count, countdown, duration } from "../texts/amounts.ts";
import type { BroadcasterTables } from "../texts/broadcaster-texts.ts";
import { fill, type Language } from "../texts/texts.ts";
import type { Sight } from "../viewing/sight.ts";
import { type Card, card } from "./card.ts";
import { type Check, checklist } from "./checklist.ts";
import { problemCard } from "./panel-view.ts";

/** A row of a list: what it is about, in words. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** An open payout. */
export interface PayoutRow extends Row {
  readonly canCancel: boolean;
  /** Its mail may be on its way. */
  readonly isInProgress: boolean;
}

/** Everything that the broadcaster's pages show. */
export interface BroadcasterView {
  readonly trouble: Card;
  readonly checks: readonly Check[];
  readonly verdict: string;
  readonly isReady: boolean;
  readonly pool: string;
  readonly terms: string;
  readonly pace: string;
  readonly isKnown: boolean;
  readonly isPaused: boolean;
  readonly payouts: readonly PayoutRow[];
  readonly spins: readonly Row[];
  readonly gifts: readonly Row[];
  readonly isOwner: boolean;
}

/** What the broadcaster's pages are made from. */
export interface BroadcasterInput {
  readonly sight: Sight;
  readonly texts: BroadcasterTables;
  readonly language: Language;
  readonly now: number;
  readonly retryInMs: number | null;
}

/** Says everything that is known. */
export function broadcasterView(input: BroadcasterInput): BroadcasterView {
  const { sight, texts, language, now, retryInMs } = input;
  const { own } = texts;
  const { state, dashboard, problem, onlooker } = sight;
  const checks = checklist(sight, own, language, now);
  const open = checks.filter((check) => check.state !== "ok").length;
  const isPaused = dashboard?.paused ?? state?.paused ?? false;
  return {
    trouble: problem === null ? card("", "") : problemCard(problem, { sight, texts: texts.common, retryInMs }),
    checks,
    verdict: open === 0 ? own.ready : fill(own.notReady, { count: open }),
    isReady: open === 0,
    pool: state === null ? "" : fill(own.pool, { count: count(language, state.poolParticipantCount) }),
    terms: fill(own.terms, {
      gold: count(language, PAYOUT_GOLD),
      interval: duration(language, state?.spinIntervalSeconds ?? 300),
    }),
    pace: isPaused ? own.paused : nextDraw(input),
    isKnown: dashboard !== null,
    isPaused,
    payouts: (dashboard?.payouts ?? []).map((payout) => ({
      id: payout.id,
      name: payout.characterName,
      text: [
        payout.twitchDisplayName,
        own.status[payout.status],
        payout.winnerAcceptedWillingToReceiveAt === null ? "" : own.accepted,
        payout.needsAttention ? own.attention : "",
        ago(language, now - Date.parse(payout.createdAt)),
      ]
        .filter((part) => part !== "")
        .join(" · "),
      canCancel: payout.status === "Pending" || payout.status === "InProgress",
      isInProgress: payout.status === "InProgress",
    })),
    spins: (dashboard?.spins ?? []).map((spin) => ({
      id: spin.spinCycleId,
      name: spin.characterName ?? "—",
      text: `${outcomeWord(own.outcome, spin.outcome)} · ${timeOfDay(language, Date.parse(spin.spunAt))}`,
    })),
    gifts: (dashboard?.giftQueue ?? []).map((gift) => ({
      id: gift.id,
      name: gift.characterName,
      text: `${gift.viewerDisplayName} · ${own.giftState[gift.state]}`,
    })),
    isOwner: onlooker?.role === "broadcaster",
  };
}

function nextDraw({ sight: { state }, texts, now }: BroadcasterInput): string {
  if (state === null) return "";
  const { nextSpinAt } = momentAt(state, now);
  return nextSpinAt === null ? "" : fill(texts.own.next, { time: countdown(nextSpinAt - now) });
}

function outcomeWord(words: BroadcasterTables["own"]["outcome"], outcome: string | null): string {
  if (outcome === null) return words.open;
  return Object.hasOwn(words, outcome) ? words[outcome as keyof typeof words] : outcome;
}
