/** Fewest and most letters of a character name. */
export const NAME_LETTERS = { min: 2, max: 12 } as const;

/** Why a text is no character name; the first that applies, in this order. */
export type NameFault = "length" | "letters" | "mixed_script";

/** A name in canonical form, or the refusal that callers see with its reason. */
export type CharacterNameResult =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly code: "invalid_character_name"; readonly reason: NameFault };

// Basic Latin, Latin-1 and Latin Extended-A. Left out: × and ÷, which stand among the Latin-1 letters, and the letters
// that have no other case of their own (U+0130 İ, U+0131 ı, U+0138 ĸ, U+0149 ŉ, U+017F ſ): with them two spellings would
// fold into one name in one program and stay two in another.
const LATIN = /^[A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u012F\u0132-\u0137\u0139-\u0148\u014A-\u017E]$/u;

// А to я with Ё and ё: the Cyrillic that the game's servers take. Ukrainian, Serbian and historic letters are not in it.
const CYRILLIC = /^[\u0401\u0410-\u044F\u0451]$/u;

/**
 * Reads a World of Warcraft character name and gives its canonical form: first letter upper case, the rest lower.
 * Letters are code points after NFC; a name is Latin or Cyrillic, never both (a mix is how look-alikes are made).
 * The count is judged first, so that a text of no or one letter, or a whole sentence, is told about its length.
 * A canonical name reads as itself.
 */
export function parseCharacterName(input: string): CharacterNameResult {
  const letters = [...input.trim().normalize("NFC")];
  if (letters.length < NAME_LETTERS.min || letters.length > NAME_LETTERS.max) return refused("length");

  const latin = letters.filter((letter) => LATIN.test(letter)).length;
  const cyrillic = letters.filter((letter) => CYRILLIC.test(letter)).length;
  if (latin + cyrillic < letters.length) return refused("letters");
  if (latin > 0 && cyrillic > 0) return refused("mixed_script");

  return { ok: true, name: letters.map((letter, index) => (index === 0 ? upper(letter) : lower(letter))).join("") };
}

function refused(reason: NameFault): CharacterNameResult {
  return { ok: false, code: "invalid_character_name", reason };
}

/** Upper case where that is one letter: ß, alone among the letters let in, would become two and stays as it is. */
function upper(letter: string): string {
  const mapped = letter.toUpperCase();
  return [...mapped].length === 1 ? mapped : letter;
}

// Every letter let in has a lower case of one letter, and none depends on its neighbours or on a locale.
function lower(letter: string): string {
  return letter.toLowerCase();
}
