import type { ForgeryKind } from "./trust.ts";

/** A line that tried to be a tag. */
export interface Forgery {
  /** The line, cut, with everything taken out that could be a key. */
  readonly text: string;
  readonly reason: ForgeryKind;
  /** When it was read (Unix milliseconds). */
  readonly at: number;
}

/** The newest forgeries, and how many there ever were: whoever floods the log must not fill the disk. */
export interface ForgeryList {
  readonly total: number;
  readonly recent: readonly Forgery[];
}

/** None yet. */
export const NO_FORGERIES: ForgeryList = { total: 0, recent: [] };

const KEPT = 100;
const SHOWN_LETTERS = 200;

/** Adds forgeries in the order in which they were read. */
export function addForgeries(list: ForgeryList, forgeries: readonly Forgery[]): ForgeryList {
  const shown = forgeries.slice(-KEPT).map((one) => ({ ...one, text: shownText(one.text) }));
  return { total: list.total + forgeries.length, recent: [...list.recent, ...shown].slice(-KEPT) };
}

function shownText(text: string): string {
  return text.replace(/[0-9a-f]{16,}/gi, "…").slice(0, SHOWN_LETTERS);
}
