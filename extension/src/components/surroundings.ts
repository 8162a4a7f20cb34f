import { type Language, languageOf } from "../texts/texts.ts";
import type { TwitchHelper } from "../twitch/helper.external.ts";

/** Keeps the page in Twitch's theme and language; calls back with the language at once and when it has changed. */
export function heedSurroundings(helper: TwitchHelper | null, hear: (language: Language) => void): void {
  const query = new URLSearchParams(location.search);
  let heard: Language | null = null;
  const tell = (tag: string | null | undefined): void => {
    const language = languageOf(tag);
    if (language === heard) return;
    heard = language;
    hear(language);
  };
  tell(query.get("language") ?? query.get("locale") ?? navigator.language);
  const { dataset } = document.documentElement;
  dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  helper?.onContext(({ theme, language }) => {
    if (theme !== undefined) dataset.theme = theme;
    if (language !== undefined) tell(language);
  });
}

/** Whether the viewer asked their system for less motion. */
export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
