import { countdown } from "../page/clock-texts.ts";
import type { Desk } from "../page/desk.ts";
import type { Sentence } from "../texts/texts.ts";

/** The next draw, and the candidate who is being checked. */
export function spin(desk: Desk) {
  return {
    get title(): Sentence {
      const { isPaused = false, nextSpinAt = null } = desk.state?.spin ?? {};
      if (isPaused) return { key: "spin.paused" };
      if (nextSpinAt === null) return { key: "spin.unknown" };
      return { key: "spin.next", values: { time: countdown(nextSpinAt - desk.now) } };
    },
    get candidate() {
      return desk.state?.spin.candidate ?? null;
    },
    get candidateTitle(): Sentence {
      const name = this.candidate?.characterName ?? "";
      switch (this.candidate?.report) {
        case "online":
          return { key: "spin.is_online", values: { name } };
        case "offline":
          return { key: "spin.is_offline", values: { name } };
        case "asked":
          return { key: "spin.checking", values: { name } };
        default:
          return { key: "spin.found", values: { name } };
      }
    },
    get candidateText(): Sentence {
      const seconds = Math.max(0, Math.ceil(((this.candidate?.verifyUntil ?? 0) - desk.now) / 1000));
      return { key: `spin.report.${this.candidate?.report ?? "none"}`, values: { seconds } };
    },
  };
}
