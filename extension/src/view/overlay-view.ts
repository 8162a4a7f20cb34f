import { PAYOUT_GOLD } from "@mgm/domain/economics";
import { momentAt } from "../roulette/moment.ts";
import { count } from "../texts/amounts.ts";
import { fill } from "../texts/texts.ts";
import { headView } from "./head-view.ts";
import { type PanelInput, panelView } from "./panel-view.ts";

/** What stands over the video: a strip while something happens, else only the countdown. */
export interface OverlayView {
  /** Something happens that is worth a part of the picture. */
  readonly isLive: boolean;
  readonly title: string;
  readonly text: string;
  readonly phrase: string;
  /** The small button's words: the countdown, else its name. */
  readonly tab: string;
  /** Changes when something new begins; what was hidden then comes back. */
  readonly occasion: string;
  readonly announcement: string;
}

/** Says what is worth saying over the video. */
export function overlayView(input: PanelInput): OverlayView {
  const { sight, texts, language, now } = input;
  const { state } = sight;
  const head = headView(state, input);
  const { you, announcement } = panelView(input);
  const phase = state === null ? "idle" : momentAt(state, now).phase;
  const isLive = ["spinning", "verification", "completed"].includes(phase);
  // Only whoever must answer a whisper is told so here; all else about them is in the panel.
  const isMine = you.phrase !== "";
  const hasWon = phase === "completed" && state?.lastSpin?.outcome === "won";
  const join = fill(hasWon ? texts.overlay.won : texts.overlay.join, { gold: count(language, PAYOUT_GOLD) });
  const clock = head.clock.join("");
  return {
    isLive: isLive || isMine,
    title: isMine ? you.title : head.headline === "" ? `${clock} ${head.aside}`.trim() : head.headline,
    text: isMine ? you.text : join,
    phrase: you.phrase,
    tab: clock === "" ? texts.overlay.show : clock,
    occasion: `${isLive ? state?.currentSpinCycleId : ""}/${isMine ? sight.payout?.id : ""}`,
    announcement,
  };
}
