import type en from "./en.json";

/*
 * The tables are data beside the code: a page loads the one of its language. In them `*…*` marks a name, a backtick what
 * is typed, and {…} a place for a value.
 */

/** Everything that viewers read, in one language. */
export type Texts = typeof en;

/** The languages that we write in. */
export type Language = "en" | "ru";

/** The language for what a browser or Twitch calls one. */
export function languageOf(tag: string | null | undefined): Language {
  return tag?.toLowerCase().startsWith("ru") ? "ru" : "en";
}

/** Puts values into a text's places; a place without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
