import type table from "./broadcaster-en.json";
import en from "./broadcaster-en.json?url";
import ru from "./broadcaster-ru.json?url";
import { loadTable, loadTexts } from "./load-texts.ts";
import type { Language, Texts } from "./texts.ts";

/** What only the broadcaster's pages say. */
export type BroadcasterTexts = typeof table;

/** All that the broadcaster's pages say. */
export interface BroadcasterTables {
  readonly common: Texts;
  readonly own: BroadcasterTexts;
}

/** Loads the broadcaster's texts of a language. */
export async function loadBroadcasterTexts(language: Language): Promise<BroadcasterTables> {
  const [common, own] = await Promise.all([
    loadTexts(language),
    loadTable<BroadcasterTexts>(language === "ru" ? ru : en),
  ]);
  return { common, own };
}
