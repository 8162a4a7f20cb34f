import { ATTENTION_TEXTS } from "./attention-texts.ts";
import { CODE_TEXTS } from "./code-texts.ts";
import type { Language } from "./language.ts";
import { LOG_TEXTS } from "./log-texts.ts";
import { PAGE_TEXTS } from "./page-texts.ts";
import { QUEUE_TEXTS } from "./queue-texts.ts";
import { SETTINGS_TEXTS } from "./settings-texts.ts";
import { type Entry, fill, type Piece, pieces, type Values } from "./text.ts";

/** Every text of the window. English and Russian stand side by side, so that neither is forgotten. */
export const TEXTS = {
  ...PAGE_TEXTS,
  ...QUEUE_TEXTS,
  ...ATTENTION_TEXTS,
  ...SETTINGS_TEXTS,
  ...LOG_TEXTS,
  ...CODE_TEXTS,
};

/** Names a text. */
export type TextKey = keyof typeof TEXTS;

/** A text with its values, not yet in any language. */
export interface Sentence {
  readonly key: TextKey;
  readonly values?: Values;
}

/** Whether there is a text of that name. Codes come from elsewhere, and newer programs know more of them. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(TEXTS, key);
}

/** The text in that language. A name without a text shows as itself. */
export function say(language: Language, key: string, values: Values = {}): string {
  return isTextKey(key) ? fill(TEXTS[key] as Entry, language, values) : key;
}

/** The sentence in that language, cut at its values. */
export function sayPieces(language: Language, { key, values = {} }: Sentence): Piece[] {
  return pieces(TEXTS[key] as Entry, language, values);
}

/** What an answer's code means. */
export function codeSentence(code: string, details: Values = {}): Sentence {
  const key = `code.${code}`;
  return isTextKey(key) ? { key, values: details } : { key: "code.unknown", values: { code } };
}
