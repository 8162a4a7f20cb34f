import type { PartPlace, TagPart } from "./tag.ts";

/* Putting pieces together. Pieces of one payload come in order, 1 to n; pieces of several payloads may come interleaved,
   so each has a thread of its own. Piece 1 starts its thread anew whatever was there: the addon says everything again
   after a hello. A piece that does not follow the one before drops its thread, for what is missing will not come alone. */

/** A payload that waits for its next piece. Plain data: it may be stored. */
export interface PendingPayload {
  readonly next: number;
  readonly total: number;
  readonly text: string;
}

/** The payloads that wait, by thread. */
export type PendingPayloads = Readonly<Record<string, PendingPayload>>;

/** What one more piece brought about. */
export interface PieceTaken {
  readonly pending: PendingPayloads;
  readonly outcome:
    | { readonly kind: "complete"; readonly payload: string }
    | { readonly kind: "waiting" }
    | { readonly kind: "out_of_order" };
}

/** The thread of a tag's pieces. */
export function threadOfPart({ name, id }: Pick<TagPart, "name" | "id">): string {
  return `${name}:${id}`;
}

/** The thread of a hello's pieces: those of a whisper never mix with those of its outgoing copy or of a system line. */
export function threadOfHello({ nonce, prefix }: { readonly nonce: string; readonly prefix: string }): string {
  return `HELLO:${nonce}:${prefix}`;
}

/** Takes one piece; `pending` is what the last call returned, `{}` at first. */
export function takePiece(pending: PendingPayloads, thread: string, place: PartPlace, piece: string): PieceTaken {
  const { [thread]: before, ...others } = pending;
  const { index, total } = place;
  if (index !== 1 && (before?.next !== index || before.total !== total)) {
    return { pending: others, outcome: { kind: "out_of_order" } };
  }
  const text = index === 1 ? piece : `${before?.text ?? ""}${piece}`;
  if (index === total) return { pending: others, outcome: { kind: "complete", payload: text } };
  return { pending: { ...others, [thread]: { next: index + 1, total, text } }, outcome: { kind: "waiting" } };
}
