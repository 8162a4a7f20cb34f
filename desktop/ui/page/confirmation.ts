import type { ItemResult } from "../../wire/protocol.ts";
import type { Sentence, TextKey } from "../texts/texts.ts";

/** What is asked before something that cannot be undone, and what became of it, line by line. */
export interface Confirmation {
  readonly title: Sentence;
  readonly about: TextKey;
  /** Further things to mind. */
  readonly warnings: readonly Sentence[];
  readonly lines: readonly ConfirmationLine[];
  /** Whether a note must be written. */
  readonly needsNote: boolean;
  /** Does it. */
  readonly run: (note: string) => Promise<readonly ItemResult[]>;
}

/** One of the things that it is about. */
export interface ConfirmationLine {
  readonly id: string;
  readonly name: string;
  readonly aside: string;
}

/** The results for all lines of an action that is answered as a whole. */
export function sameForAll(
  lines: readonly ConfirmationLine[],
  result: { readonly ok: boolean; readonly code?: string },
): ItemResult[] {
  return lines.map(({ id }) => ({ id, ok: result.ok, code: result.ok ? null : (result.code ?? null) }));
}
