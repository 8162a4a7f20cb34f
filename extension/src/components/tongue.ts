import type { Language } from "../texts/texts.ts";
import { twitchHelper } from "../twitch/helper.external.ts";
import { heedSurroundings } from "./surroundings.ts";

/** What a page speaks; exchanged when Twitch changes the language. */
export interface Tongue<Table> {
  language: Language;
  texts: Table;
  /** Called after an exchange. */
  onChange: () => void;
}

/** Learns the viewer's language and keeps to it. */
export function learnTongue<Table>(load: (language: Language) => Promise<Table>): Promise<Tongue<Table>> {
  return new Promise((resolve) => {
    let tongue: Tongue<Table> | null = null;
    let newest: Language = "en";
    heedSurroundings(twitchHelper(), async (language) => {
      newest = language;
      const texts = await load(language);
      if (language !== newest) return;
      document.documentElement.lang = language;
      if (tongue === null) {
        tongue = { language, texts, onChange: () => undefined };
        resolve(tongue);
        return;
      }
      Object.assign(tongue, { language, texts });
      tongue.onChange();
    });
  });
}
