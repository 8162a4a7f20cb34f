import type { Texts } from "../texts/texts.ts";
import { type OverlayView, overlayView } from "../view/overlay-view.ts";
import { mend } from "./mend.ts";
import type { Eyes } from "./page.ts";
import { inputOf } from "./panel-input.ts";
import type { Tongue } from "./tongue.ts";

const LOOK_EVERY_MS = 250;

/** The strip over the video. Whoever hides it has peace until something new begins. */
export function overlay(eyes: Eyes, tongue: Tongue<Texts>) {
  const viewNow = (): OverlayView => overlayView(inputOf(eyes, tongue));
  return {
    texts: tongue.texts,
    view: viewNow(),
    /** What the viewer chose for this occasion; null leaves it to what happens. */
    choice: null as boolean | null,
    isShown: false,

    init(): void {
      tongue.onChange = () => {
        this.texts = tongue.texts;
        this.look();
      };
      if (!eyes.ok) return;
      eyes.viewing.onChange(() => this.look());
      eyes.viewing.start();
      setInterval(() => this.look(), LOOK_EVERY_MS);
    },

    look(): void {
      if (!eyes.ok) return;
      eyes.viewing.look();
      const view = viewNow();
      if (view.occasion !== this.view.occasion) this.choice = null;
      mend(this.view, view);
      this.isShown = this.choice ?? view.isLive;
    },

    show(): void {
      this.choice = true;
      this.isShown = true;
    },

    hide(): void {
      this.choice = false;
      this.isShown = false;
    },
  };
}
