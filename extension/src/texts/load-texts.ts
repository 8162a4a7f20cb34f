import en from "./en.json?url";
import ru from "./ru.json?url";
import type { Language, Texts } from "./texts.ts";

/** Loads the viewers' texts of a language. */
export async function loadTexts(language: Language): Promise<Texts> {
  return await loadTable(language === "ru" ? ru : en);
}

/** Loads a table that the build put beside the pages. */
export async function loadTable<Table>(address: string): Promise<Table> {
  const response = await fetch(address);
  return (await response.json()) as Table;
}
