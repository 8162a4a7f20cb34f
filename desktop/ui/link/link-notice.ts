import type { Desk } from "../page/desk.ts";
import type { Sentence } from "../texts/texts.ts";

/** What is said instead of the pills while the way to the bridge is closed. */
export function linkNotice(desk: Desk) {
  return {
    get sentence(): Sentence | null {
      switch (desk.link.kind) {
        case "open":
          return desk.state === null ? { key: "page.loading" } : null;
        case "connecting":
          return { key: "link.connecting" };
        case "lost":
          return { key: "link.lost", values: { seconds: secondsUntil(desk.link.retryAt, desk.now) } };
        case "closed":
          return { key: `link.${desk.link.why}` };
        default:
          return desk.link satisfies never;
      }
    },
    get canRetry(): boolean {
      return desk.link.kind === "lost";
    },
    get isBad(): boolean {
      return desk.link.kind === "lost" || desk.link.kind === "closed";
    },
    retry() {
      desk.retryLink();
    },
  };
}

/** `moment` is of the page's own clock; the desk's is read only so that the number is counted down with it. */
function secondsUntil(moment: number, _deskNow: number): number {
  return Math.max(0, Math.ceil((moment - Date.now()) / 1000));
}
