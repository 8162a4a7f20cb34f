/** Keysyms of ASCII are its codes. */
const LETTER_A = "a".charCodeAt(0);
const LETTER_Z = "z".charCodeAt(0);

/**
 * Whether the first of the keyboard's layouts has every character of a text on a key, plain or with Shift.
 *
 * @param mapping keysyms of each key: those of the first layout plain and with Shift, then those of the others
 */
export function isTypableInFirstGroup(mapping: readonly (readonly number[])[], text: string): boolean {
  const typable = new Set<number>();
  for (const [plain = 0, shifted = 0] of mapping) {
    typable.add(plain);
    typable.add(shifted);
    // A key that lists the small letter only gives the capital one with Shift.
    if (shifted === 0 && plain >= LETTER_A && plain <= LETTER_Z) typable.add(plain - 0x20);
  }
  return [...text].every((character) => typable.has(character.charCodeAt(0)));
}
