/*
 * Nothing moves under the mouse. While the pointer is over a list, its entries keep their places: one that ended stays,
 * marked as gone, and new ones come at the end. When the pointer leaves, or the streamer arranges the list anew, it takes
 * the order that is wanted.
 */

/** An entry and whether it is only still there because the list is held. */
export interface Steady<T> {
  readonly key: string;
  readonly value: T;
  readonly isGone: boolean;
}

/** The list to show, from the one shown before and the one that is wanted. */
export function steady<T>(
  shown: readonly Steady<T>[],
  wanted: readonly T[],
  keyOf: (value: T) => string,
  isHeld: boolean,
): readonly Steady<T>[] {
  const next = new Map(wanted.map((value) => [keyOf(value), value]));
  if (!isHeld) return [...next].map(([key, value]) => ({ key, value, isGone: false }));
  const kept = shown.map(({ key, value }) => ({ key, value: next.get(key) ?? value, isGone: !next.has(key) }));
  const known = new Set(shown.map(({ key }) => key));
  const added = [...next].filter(([key]) => !known.has(key)).map(([key, value]) => ({ key, value, isGone: false }));
  return [...kept, ...added];
}
