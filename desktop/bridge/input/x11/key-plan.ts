/*
 * X has keys, not characters: which character a key gives depends on Shift and on the layout that is on. robotjs finds
 * the key for a character by itself, but takes the first that can give it in any layout, and so ends at keys that only
 * exist on paper: `(` has one of its own in every layout of X, of which Wine knows nothing. So the keys are chosen here,
 * among those that a person types on, all in one layout: Wine needs a while to notice that another one is on.
 */

/** Keysyms of each key, by code: the first layout plain and with Shift, the second likewise, and so on; 0 is none. */
export type KeyMapping = readonly (readonly number[])[];

/** The key that gives a character. */
export interface PlannedKey {
  readonly code: number;
  readonly isShifted: boolean;
  /** A character for which robotjs would press this key; null where it has none. */
  readonly name: string | null;
}

/** The layout that must be on, and the keys in it by character. */
export interface KeyPlan {
  readonly layout: number;
  readonly keys: ReadonlyMap<string, PlannedKey>;
}

/** Layouts that the mapping tells of for certain. */
const LAYOUTS = [0, 1] as const;
/** Keys up to here are there to be typed on: the one between Shift and Z has code 94. */
const LAST_TYPING_CODE = 94;
const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, index) => 0x20 + index);

/**
 * How a text is typed; null when no layout has all of it, plain or with Shift.
 *
 * @param firstCode the code of the mapping's first key
 */
export function planKeys(mapping: KeyMapping, firstCode: number, text: string): KeyPlan | null {
  const names = new Map(
    PRINTABLE.map((keysym) => [foundFirst(mapping, keysym) + firstCode, String.fromCharCode(keysym)]),
  );
  for (const layout of LAYOUTS) {
    const given = charactersOf(mapping, firstCode, layout);
    const keys = new Map<string, PlannedKey>();
    for (const character of text) {
      // Keysyms of ASCII are its codes.
      const key = given.get(character.charCodeAt(0));
      if (key !== undefined) keys.set(character, { ...key, name: names.get(key.code) ?? null });
    }
    if ([...text].every((character) => keys.has(character))) return { layout, keys };
  }
  return null;
}

/** What the keys give in a layout: of several keys the first, of one key rather what it gives plain. */
function charactersOf(
  mapping: KeyMapping,
  firstCode: number,
  layout: number,
): ReadonlyMap<number, { readonly code: number; readonly isShifted: boolean }> {
  const given = new Map<number, { readonly code: number; readonly isShifted: boolean }>();
  for (const [index, key] of mapping.entries()) {
    const code = index + firstCode;
    if (code > LAST_TYPING_CODE) break;
    for (const [shift, keysym] of inLayout(key, layout).entries()) {
      if (!given.has(keysym)) given.set(keysym, { code, isShifted: shift === 1 });
    }
  }
  return given;
}

/** A key that does not have the layout gives what it gives in the first; one without capitals has them with Shift. */
function inLayout(key: readonly number[], layout: number): readonly [plain: number, shifted: number] {
  const own = key.slice(2 * layout, 2 * layout + 2);
  const [plain = 0, shifted = 0] = own.some((keysym) => keysym !== 0) ? own : key;
  const isLetter = plain >= 0x61 && plain <= 0x7a;
  return [plain, shifted === 0 && isLetter ? plain - 0x20 : shifted];
}

/** The key at which robotjs' search ends: column by column, in each by code. */
function foundFirst(mapping: KeyMapping, keysym: number): number {
  const columns = Math.max(0, ...mapping.map((key) => key.length));
  for (let column = 0; column < columns; column += 1) {
    const index = mapping.findIndex((key) => key[column] === keysym);
    if (index !== -1) return index;
  }
  return -1;
}
