import type { Texts } from "../texts/texts.ts";
import { twitchHelper } from "../twitch/helper.external.ts";
import { type CardButton, card } from "../view/card.ts";
import { type PanelView, panelView } from "../view/panel-view.ts";
import { copyText } from "./copy.ts";
import { dismissPayout } from "./dismissed.ts";
import { mend } from "./mend.ts";
import type { Eyes } from "./page.ts";
import { inputOf } from "./panel-input.ts";
import type { Tongue } from "./tongue.ts";

const LOOK_EVERY_MS = 250;
const COPIED_SHOWN_MS = 2_000;

type Refs = { readonly $refs: { readonly rules: HTMLDialogElement } };

/** The viewer's panel, on a channel's page and on a phone: shows its view, and does what its buttons say. */
export function panel(eyes: Eyes, tongue: Tongue<Texts>) {
  return {
    texts: tongue.texts,
    view: viewOf(eyes, tongue),
    hasCopied: false,

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
      if (eyes.ok) eyes.viewing.look();
      mend(this.view, viewOf(eyes, tongue));
    },

    press({ act }: CardButton): void {
      if (!eyes.ok) return;
      switch (act) {
        case "share":
          twitchHelper()?.actions.requestIdShare();
          break;
        case "retry":
          eyes.viewing.retry();
          break;
        case "dismiss":
          dismissPayout(eyes.viewing.sight.payout?.id ?? "");
          this.look();
          break;
        default:
          act satisfies never;
      }
    },

    reload(): void {
      location.reload();
    },

    async copy(): Promise<void> {
      this.hasCopied = await copyText(this.view.you.phrase);
      setTimeout(() => {
        this.hasCopied = false;
      }, COPIED_SHOWN_MS);
    },

    openRules(this: Refs): void {
      this.$refs.rules.showModal();
    },

    closeRules(this: Refs): void {
      this.$refs.rules.close();
    },
  };
}

/** The view of what is known now. */
function viewOf(eyes: Eyes, tongue: Tongue<Texts>): PanelView {
  const view = panelView(inputOf(eyes, tongue));
  if (eyes.ok) return view;
  const { texts } = tongue;
  const [title = "", text = ""] = eyes.missing === "api" ? texts.notConfigured : texts.notTwitch;
  return { ...view, you: card(title, text, { bar: "bad" }) };
}
