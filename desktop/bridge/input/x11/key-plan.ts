/*
 * X has keys, not characters: which character a key gives depends on Shift and on the layout that is on. robotjs finds
 * the key for a character by itself, but takes the first that can give it in any layout, and so ends at keys that only
 * exist on paper: `(` has one of its own in every layout of X, of which Wine knows nothing. So keys are chosen here among
 * those that a person would press, and robotjs is told the character that the key gives plain, and Shift.
 */

/** Keysyms of each key, by code: the first layout plain and with Shift, the second likewise, and so on; 0 is none. */
export type KeyMapping = readonly (readonly number[])[];

/** How a character is typed. */
export interface PlannedKey {
  /** What the key gives without Shift; what robotjs finds the key by. */
  readonly plain: string;
  readonly isShifted: boolean;
  /** Number of the layout that must be on. */
  readonly layout: number;
}

/** Layouts that the mapping tells of for certain. */
const LAYOUTS = 2;

/** How each character of a text is typed; null when one cannot be. */
export function planKeys(mapping: KeyMapping, text: string): ReadonlyMap<string, PlannedKey> | null {
  const plan = new Map<string, PlannedKey>();
  for (const character of new Set(text)) {
    const key = planKey(mapping, character.charCodeAt(0));
    if (key === null) return null;
    plan.set(character, key);
  }
  return plan;
}

/** Keysyms of ASCII are its codes. */
function planKey(mapping: KeyMapping, keysym: number): PlannedKey | null {
  for (let layout = 0; layout < LAYOUTS; layout += 1) {
    for (const [index, key] of mapping.entries()) {
      const [plain, shifted] = inLayout(key, layout);
      if (plain !== keysym && shifted !== keysym) continue;
      if (plain < 0x20 || plain > 0x7e || foundFirst(mapping, plain) !== index) continue;
      return { plain: String.fromCharCode(plain), isShifted: plain !== keysym, layout };
    }
  }
  return null;
}

/** A key that does not have the layout gives what it gives in the first; one without capitals has them with Shift. */
function inLayout(key: readonly number[], layout: number): readonly [plain: number, shifted: number] {
  const own = key.slice(2 * layout, 2 * layout + 2);
  const [plain = 0, shifted = 0] = own.some((keysym) => keysym !== 0) ? own : key;
  const isLetter = plain >= 0x61 && plain <= 0x7a;
  return [plain, shifted === 0 && isLetter ? plain - 0x20 : shifted];
}

/** The key at which X's own search ends: column by column, in each by code. */
function foundFirst(mapping: KeyMapping, keysym: number): number {
  const columns = Math.max(0, ...mapping.map((key) => key.length));
  for (let column = 0; column < columns; column += 1) {
    const index = mapping.findIndex((key) => key[column] === keysym);
    if (index !== -1) return index;
  }
  return -1;
}
