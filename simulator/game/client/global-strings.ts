import { readFileSync } from "node:fs";

/** Languages that the simulated client speaks. */
export type GameLocale = "enUS" | "ruRU";

const LOCALES: readonly GameLocale[] = ["enUS", "ruRU"];
const tables = new Map<GameLocale, ReadonlyMap<string, string>>();

/** The client's own texts in one language, by the names that Lua knows them under. */
export function globalStrings(locale: GameLocale): ReadonlyMap<string, string> {
  const known = tables.get(locale);
  if (known !== undefined) return known;
  const column = LOCALES.indexOf(locale) + 1;
  const rows = readFileSync(new URL("global-strings.tsv", import.meta.url), "utf8").split("\n");
  const table = new Map<string, string>();
  for (const row of rows) {
    const columns = row.split("\t");
    const [name, text] = [columns[0], columns[column]];
    if (name !== undefined && text !== undefined) table.set(name, text.replaceAll("\\n", "\n"));
  }
  tables.set(locale, table);
  return table;
}

/** One text with its `%s` and `%d` (also `%2$s`) filled in; an unknown name gives the name. */
export function globalString(locale: GameLocale, name: string, ...args: readonly (string | number)[]): string {
  let next = 0;
  const template = globalStrings(locale).get(name) ?? name;
  return template.replace(/%(?:(\d+)\$)?[sd]/g, (_, position: string | undefined) => {
    const index = position === undefined ? next++ : Number(position) - 1;
    return String(args[index] ?? "");
  });
}

/** Resolves `|4singular:plural;` and `|4one:few:many;` after a number, as the client does when it shows a text. */
export function resolvePlurals(text: string): string {
  return text.replace(/(\d+)( *)\|4([^;]*);/g, (_, digits: string, space: string, forms: string) => {
    const options = forms.split(":");
    return `${digits}${space}${options[pluralIndex(Number(digits), options.length)] ?? ""}`;
  });
}

function pluralIndex(count: number, forms: number): number {
  if (forms < 3) return count === 1 ? 0 : 1;
  const [tens, ones] = [count % 100, count % 10];
  if (ones === 1 && tens !== 11) return 0;
  return ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 1 : 2;
}
