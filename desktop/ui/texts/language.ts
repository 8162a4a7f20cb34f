/** The languages of the window. */
export type Language = "ru" | "en";

/** The language to begin with, before the bridge said which one the streamer chose. */
export function systemLanguage(languages: readonly string[]): Language {
  const first = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "ru" || tag === "en");
  return first === "ru" ? "ru" : "en";
}
