import type { GiftRow } from "../../wire/state.ts";
import type { Desk } from "../page/desk.ts";
import { say } from "../texts/texts.ts";
import { type Slat, slats, target, turned } from "./drum.ts";

/** How long the short roulette of a gift runs, from the draw on. */
export const RUN_MS = 5_000;

/** How far in the future a draw may seem to be, because clocks are read at different moments. */
const CLOCKS_APART_MS = 1_000;

const RADIUS = 66;

/** The short roulette over the stacks in the streamer's bags, as the server's clock has it. `row` tells which gift. */
export function giftDrum(desk: Desk, row: () => GiftRow | null) {
  return {
    slats: [] as readonly Slat[],
    turnDegrees: 0,
    hasStopped: false,
    $el: undefined as unknown as HTMLElement,

    init() {
      const isStill = matchMedia("(prefers-reduced-motion: reduce)");
      const drawnAtOf = () => row()?.roulette?.drawnAt ?? null;
      // The desk's clock moves once a second; between its steps the page's own clock goes on.
      let [base, since, drawnAt] = [desk.now, performance.now(), drawnAtOf()];
      const draw = () => {
        if (!this.$el.isConnected) return;
        const roulette = row()?.roulette ?? null;
        if (roulette !== null) {
          if (base !== desk.now || drawnAt !== roulette.drawnAt) {
            [base, since, drawnAt] = [desk.now, performance.now(), roulette.drawnAt];
          }
          const agoMs = base + performance.now() - since - roulette.drawnAt;
          // Drawn in the future: the clock was put back since, and the run is long over.
          const share = isStill.matches || agoMs < -CLOCKS_APART_MS ? 1 : agoMs / RUN_MS;
          const count = roulette.stacks.length;
          const position = turned(share, target(count, roulette.drawnIndex));
          this.hasStopped = share >= 1;
          this.turnDegrees = position * 30;
          this.slats = slats(count, position, RADIUS, this.hasStopped);
        }
        if (this.hasStopped) setTimeout(draw, 1_000);
        else requestAnimationFrame(draw);
      };
      draw();
    },
    nameOf({ index }: Slat): string {
      const stack = row()?.roulette?.stacks[index];
      if (stack === undefined) return "";
      const name = stack.name ?? say(desk.language, "gift.stack", { bag: stack.bagId, slot: stack.slotId });
      return stack.count > 1 ? say(desk.language, "gift.stack.count", { name, count: stack.count }) : name;
    },
    /** Through the style's own properties: a style attribute would be against the content security policy. */
    look({ y, scale, opacity }: Slat): Record<string, string> {
      return { transform: `translateY(${y.toFixed(2)}px) scaleY(${scale.toFixed(3)})`, opacity: opacity.toFixed(3) };
    },
    gear(direction: 1 | -1): Record<string, string> {
      return { transform: `rotate(${(direction * this.turnDegrees).toFixed(1)}deg)` };
    },
  };
}
