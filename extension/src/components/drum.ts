import { DrumDrawing } from "../drum/drawing.ts";
import { type DrumPose, drumPose, slatsOf } from "../drum/motion.ts";
import type { Eyes } from "./page.ts";
import { wantsStillness } from "./surroundings.ts";

const AT_REST: DrumPose = { position: 0, isRunning: false, isChosen: false };

/**
 * The drum: redraws itself with the screen's frames, from the server's time alone. `placeholder` says what stands on it
 * while there are no names.
 */
export function drum(eyes: Eyes, placeholder: () => string) {
  return {
    init(this: { $el: HTMLElement }): void {
      const drawing = new DrumDrawing(this.$el);
      const frame = (): void => {
        const isStill = wantsStillness();
        const state = eyes.ok ? eyes.viewing.sight.state : null;
        if (eyes.ok && state !== null && state.wheel.length > 0) {
          drawing.show(slatsOf(state.wheel), drumPose(state, eyes.viewing.now(), isStill), isStill);
        } else {
          drawing.show(slatsOf([placeholder()]), AT_REST, isStill);
        }
        requestAnimationFrame(frame);
      };
      new ResizeObserver(([entry]) => {
        if (entry !== undefined) drawing.fit(entry.contentRect.width, entry.contentRect.height);
      }).observe(this.$el);
      frame();
    },
  };
}
