import type { Texts } from "../texts/texts.ts";
import type { PanelInput } from "../view/panel-view.ts";
import { NOTHING_SEEN } from "../viewing/sight.ts";
import { dismissedPayoutId } from "./dismissed.ts";
import { type Eyes, VERSION } from "./page.ts";
import type { Tongue } from "./tongue.ts";

/** What a viewer's page is made from at this moment. */
export function inputOf(eyes: Eyes, { language, texts }: Tongue<Texts>): PanelInput {
  const heldUntil = eyes.ok ? eyes.viewing.reader.heldUntil : null;
  return {
    sight: eyes.ok ? eyes.viewing.sight : NOTHING_SEEN,
    now: eyes.ok ? eyes.viewing.now() : Date.now(),
    retryInMs: heldUntil === null ? null : heldUntil - Date.now(),
    language,
    texts,
    version: VERSION,
    dismissedPayoutId: dismissedPayoutId(),
  };
}
