import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCharacterName } from "./character-name.ts";
import { readVectors } from "./golden/vectors.ts";

const golden = readFileSync(new URL("golden/character-names.tsv", import.meta.url), "utf8");
const vectors = readVectors(golden);

const LATIN_LETTERS = fc.constantFrom(..."abzABZéÉÿŸßłŁĳĲ");
const CYRILLIC_LETTERS = fc.constantFrom(..."абяАБЯёЁйЙ");
const anyName = fc.oneof(
  fc.array(LATIN_LETTERS, { minLength: 2, maxLength: 12 }),
  fc.array(CYRILLIC_LETTERS, { minLength: 2, maxLength: 12 }),
);

describe("parseCharacterName", () => {
  it("is held to vectors that Lua reads too", () => {
    expect(vectors.length).toBeGreaterThan(60);
  });

  it("keeps what needs composing behind the line at which a reader without NFC stops", () => {
    const [before = "", after = ""] = golden.split("\n# == NFC ==\n");
    for (const { columns } of readVectors(before)) expect(columns[0]?.normalize("NFC")).toBe(columns[0]);
    expect(readVectors(after).length).toBeGreaterThan(20);
  });

  it.each(vectors)("reads golden line $line", ({ columns: [input = "", expected = ""] }) => {
    const result = parseCharacterName(input);
    expect(result.ok ? result.name : `!${result.reason}`).toBe(expected);
    if (!result.ok) expect(result.code).toBe("invalid_character_name");
  });

  it("gives one name to every spelling of it", () => {
    fc.assert(
      fc.property(anyName, fc.infiniteStream(fc.boolean()), (letters, upper) => {
        const [name, other] = [letters, letters.map((letter) => recase(letter, upper.next().value === true))];
        expect(parseCharacterName(other.join(""))).toEqual(parseCharacterName(name.join("")));
        expect(parseCharacterName(` ${name.join("").normalize("NFD")}\n`)).toEqual(parseCharacterName(name.join("")));
      }),
    );
  });

  it("reads a canonical name as itself", () => {
    fc.assert(
      fc.property(anyName, (letters) => {
        const first = parseCharacterName(letters.join(""));
        expect(first.ok && parseCharacterName(first.name)).toEqual(first);
      }),
    );
  });

  it("keeps every letter apart from every other but its own other case", () => {
    const byFold = new Map<string, string[]>();
    for (let code = 0; code <= 0x2fff; code += 1) {
      const letter = String.fromCodePoint(code);
      if (letter.normalize("NFC") !== letter) continue;
      for (const base of ["a", "б"]) {
        const result = parseCharacterName(base + letter);
        if (result.ok) byFold.set(result.name, [...(byFold.get(result.name) ?? []), letter]);
      }
    }
    const alone = [...byFold.values()].filter((spellings) => spellings.length === 1).flat();
    expect(alone).toEqual(["ß"]);
    expect([...byFold.values()].every((spellings) => spellings.length <= 2)).toBe(true);
  });

  it("refuses every mix of scripts, and only 2 to 12 letters pass", () => {
    const mixed = fc
      .tuple(
        fc.array(LATIN_LETTERS, { minLength: 1, maxLength: 6 }),
        fc.array(CYRILLIC_LETTERS, { minLength: 1, maxLength: 6 }),
      )
      .chain(([latin, cyrillic]) =>
        fc.shuffledSubarray([...latin, ...cyrillic], { minLength: latin.length + cyrillic.length }),
      );
    fc.assert(
      fc.property(mixed, (letters) => {
        expect(parseCharacterName(letters.join(""))).toMatchObject({ ok: false, reason: "mixed_script" });
      }),
    );
    fc.assert(
      fc.property(fc.array(CYRILLIC_LETTERS, { maxLength: 20 }), (letters) => {
        expect(parseCharacterName(letters.join("")).ok).toBe(letters.length >= 2 && letters.length <= 12);
      }),
    );
  });

  it("answers any text with a canonical name or a refusal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        const result = parseCharacterName(text);
        if (result.ok) expect(result.name).toMatch(/^[\p{Lu}ß][\p{Ll}]{1,11}$/u);
      }),
    );
  });
});

function recase(letter: string, upper: boolean): string {
  if (letter === "ß") return letter;
  return upper ? letter.toUpperCase() : letter.toLowerCase();
}
