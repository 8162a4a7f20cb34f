import { describe, expect, it } from "vitest";
import broadcasterEn from "./broadcaster-en.json";
import broadcasterRu from "./broadcaster-ru.json";
import en from "./en.json";
import ru from "./ru.json";
import { fill, languageOf } from "./texts.ts";

/** Every text of a table by its path. */
function texts(table: object, path = ""): Map<string, string> {
  return new Map(
    Object.entries(table).flatMap(([key, value]) =>
      typeof value === "string" ? [[`${path}${key}`, value] as const] : [...texts(value, `${path}${key}.`)],
    ),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted();
const marks = (text: string): number => text.split(/[*`]/).length - 1;

describe.each([
  ["viewers'", en, ru],
  ["broadcaster's", broadcasterEn, broadcasterRu],
])("the %s texts", (_, english, russian) => {
  const [one, other] = [texts(english), texts(russian)];

  it("say the same things in both languages", () => {
    expect([...other.keys()]).toEqual([...one.keys()]);
  });

  it("have no place for a value that the other language has not", () => {
    for (const [key, text] of other)
      expect({ key, places: places(one.get(key) ?? "") }).toEqual({
        key,
        places: expect.arrayContaining(places(text)),
      });
  });

  it("close every mark that they open", () => {
    for (const [key, text] of [...one, ...other]) expect({ key, odd: marks(text) % 2 }).toEqual({ key, odd: 0 });
  });

  it("uses no word of the gambling trade", () => {
    for (const text of one.values()) expect(text).not.toMatch(/\b(bet|jackpot|luck|lucky|odds|casino)\b/i);
    for (const text of other.values()) expect(text).not.toMatch(/ставк|джекпот|удач|везён|казино/i);
  });
});

describe("languages", () => {
  it.each([
    ["ru", "ru"],
    ["ru-RU", "ru"],
    ["RU", "ru"],
    ["en-GB", "en"],
    ["de", "en"],
    [null, "en"],
  ])("for %s it is %s", (tag, language) => expect(languageOf(tag)).toBe(language));

  it("a place without a value stays", () => {
    expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
  });
});
