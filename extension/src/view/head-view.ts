import type { RouletteStateDto } from "@mgm/domain/wire";
import { type Moment, momentAt } from "../roulette/moment.ts";
import { countdown } from "../texts/amounts.ts";
import { fill, type Texts } from "../texts/texts.ts";
import type { Spoken } from "./spoken.ts";

/** The countdown, or in its place what is happening. */
export interface HeadView {
  /** The countdown's characters; empty while a headline stands in its place. */
  readonly clock: readonly string[];
  readonly headline: string;
  readonly aside: string;
  /** How full the bar is, in percent. */
  readonly percent: number;
  /** Said aloud when it changes; never ticks. */
  readonly announcement: string;
}

const NOTHING: HeadView = { clock: [], headline: "", aside: "", percent: 0, announcement: "" };

/** What stands above the drum. */
export function headView(state: RouletteStateDto | null, { texts, now }: Spoken): HeadView {
  if (state === null) return NOTHING;
  const moment = momentAt(state, now);
  const time = moment.nextSpinAt === null ? null : countdown(moment.nextSpinAt - now);
  const percent = percentOf(moment, now);
  const headline = headlineOf(state, moment, texts);
  if (headline === "") {
    const clock = [...(time ?? "")];
    return { clock, headline: "", aside: texts.until, percent, announcement: "" };
  }
  const isBetween = moment.phase === "completed" || moment.phase === "idle";
  const next = time === null ? "" : fill(texts.nextDraw, { time });
  const aside = isBetween ? next : asideOf(moment, texts);
  return { clock: [], headline, aside, percent, announcement: headline.replaceAll("*", "") };
}

function headlineOf(state: RouletteStateDto, moment: Moment, { phase: words }: Texts): string {
  switch (moment.phase) {
    case "paused":
      return words.paused;
    case "idle":
      return state.poolParticipantCount === 0 ? words.idle : "";
    case "drawing":
      return words.drawing;
    case "spinning":
      return words.spinning;
    case "verification":
      return fill(words.verification, { name: state.candidate ?? "" });
    case "completed": {
      const { lastSpin } = state;
      return lastSpin === null ? "" : fill(shown(words, lastSpin.outcome), { name: lastSpin.characterName });
    }
    case "collecting":
      // Paused in the middle of a cycle: nothing is counted down to any more.
      return moment.nextSpinAt === null ? words.paused : "";
    default:
      return moment.phase satisfies never;
  }
}

/** The words for an outcome that viewers are shown. */
export function shown<Key extends string>(words: Readonly<Record<Key, string>>, outcome: string): string {
  return Object.hasOwn(words, outcome) ? words[outcome as Key] : "";
}

function asideOf({ phase }: Moment, { aside }: Texts): string {
  if (phase === "verification" || phase === "spinning") return aside[phase];
  return phase === "paused" || phase === "collecting" ? aside.paused : "";
}

function percentOf(moment: Moment, now: number): number {
  const isSpinning = moment.phase === "spinning" && moment.wheelEndsAt !== null;
  const lengthMs = isSpinning ? (moment.wheelEndsAt ?? 0) - moment.boundary : moment.intervalMs;
  const share = moment.nextSpinAt === null && !isSpinning ? 0 : (now - moment.boundary) / lengthMs;
  return Math.round(1000 * Math.min(1, Math.max(0, share))) / 10;
}
