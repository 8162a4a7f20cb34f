import type { Language } from "./language.ts";

/** A text with places like `{name}`; or one form per plural category of the place `{n}`. */
export type Text = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string });

/** One text in every language of the window. */
export type Entry = Readonly<Record<Language, Text>>;

/** What is put into the places. */
export type Values = Readonly<Record<string, string | number>>;

/** A piece of a sentence; values stand out in some places, and are never markup. */
export interface Piece {
  readonly text: string;
  readonly isValue: boolean;
}

const PLACE = /\{(\w+)\}/;
const plurals: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules("en"), ru: new Intl.PluralRules("ru") };

/** The text in that language with its values, cut at them. */
export function pieces(entry: Entry, language: Language, values: Values): Piece[] {
  // A split by a pattern with one group: every second part is the name of a place.
  return formOf(entry[language], language, values)
    .split(PLACE)
    .map((part, at) =>
      at % 2 === 0 ? { text: part, isValue: false } : { text: show(values[part], language), isValue: true },
    )
    .filter(({ text }) => text !== "");
}

/** The same as one string. */
export function fill(entry: Entry, language: Language, values: Values = {}): string {
  return pieces(entry, language, values)
    .map(({ text }) => text)
    .join("");
}

function formOf(text: Text, language: Language, values: Values): string {
  if (typeof text === "string") return text;
  return text[plurals[language].select(Number(values.n))] ?? text.other;
}

function show(value: string | number | undefined, language: Language): string {
  return typeof value === "number" ? value.toLocaleString(language) : (value ?? "");
}
