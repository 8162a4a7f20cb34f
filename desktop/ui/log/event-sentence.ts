import type { DesktopState, EventRow } from "../../wire/state.ts";
import { codeInWords } from "../attention/sentences.ts";
import { aboutSentence, nameOf } from "../texts/about-sentence.ts";
import type { Language } from "../texts/language.ts";
import { isTextKey, type Sentence, say } from "../texts/texts.ts";

/** An event as a sentence. One that a newer bridge tells shows its code and details. */
export function eventSentence({ code, details }: EventRow, state: DesktopState | null, language: Language): Sentence {
  const key = `event.${code}`;
  if (!isTextKey(key)) return { key: "event.unknown", values: { code, details: Object.values(details).join(", ") } };
  const spoken: Record<string, string | number> = { ...details };
  if (details.characterName === "" || (details.id !== undefined && details.characterName === undefined)) {
    spoken.characterName = details.id === undefined ? say(language, "log.somebody") : nameOf(details.id, state);
  }
  if (details.about !== undefined) {
    const about = aboutSentence(details.about, state);
    spoken.about = say(language, about.key, about.values);
  }
  if (details.change !== undefined) spoken.change = inWords(`change.${details.change}`, details.change, language);
  if (details.answer !== undefined) spoken.answer = inWords(`question.${details.answer}`, details.answer, language);
  if (details.storage !== undefined) spoken.storage = inWords(`storage.${details.storage}`, details.storage, language);
  if (details.names !== undefined) spoken.names = settingsInWords(details.names, language);
  if (details.code !== undefined) spoken.code = codeInWords(details.code, language);
  if (details.count !== undefined) spoken.n = Number(details.count);
  return { key, values: spoken };
}

function settingsInWords(names: string, language: Language): string {
  const words = names.split(", ").map((name) => inWords(`setting.${name}`, name, language));
  return words.join(", ");
}

function inWords(key: string, word: string, language: Language): string {
  return isTextKey(key) ? say(language, key) : word;
}
