import type { LoggedLine } from "@mgm/domain/chat-line";

/*
 * Bytes in, whole lines out. The log of a game is no well-behaved text file:
 *
 *   - the client writes blocks, so a chunk ends anywhere: in a line, between CR and LF, inside a letter. Lines are cut
 *     at the byte of their line feed and decoded whole.
 *   - a log that was truncated under the running client goes on where the client's own position was: what is between is
 *     read as zero bytes. They are thrown away. What follows them need not be the beginning of a line, for the block may
 *     have begun in the middle of what somebody said; so its beginning counts as not seen, up to the next line end.
 *   - a line of a megabyte is not the game's. It is passed over, and held in memory never.
 */

/** A line and where the next one begins. */
export interface BufferedLine extends LoggedLine {
  /** Byte offset after the line's end. */
  readonly endOffset: number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Longer than anything that the client writes (about 3 KB), shorter than one could feel. */
const LONGEST_LINE_BYTES = 65_536;

/** Cuts a stream of bytes into lines. Nothing that it returns depends on where the chunks were cut. */
export class LineBuffer {
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  #isTooLong = false;
  #beginningSeen: boolean;
  #nextOffset: number;
  #lineOffset: number;

  /** `offset` is where the first byte stands; `beginningSeen` says whether a line begins there. */
  constructor({ offset, beginningSeen }: { readonly offset: number; readonly beginningSeen: boolean }) {
    this.#nextOffset = offset;
    this.#lineOffset = offset;
    this.#beginningSeen = beginningSeen;
  }

  /** Where the next pushed byte stands. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Where the line begins that is not whole yet: the place to go on from after a restart. */
  get lineOffset(): number {
    return this.#lineOffset;
  }

  /** Takes bytes, gives the lines that they complete. The bytes are copied where they must be kept. */
  push(bytes: Uint8Array): BufferedLine[] {
    const lines: BufferedLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      this.#keep(bytes.subarray(from, end));
      from = end + 1;
      const line = this.#takeLine(this.#nextOffset + from);
      if (line !== null) lines.push(line);
    }
    this.#keep(bytes.subarray(from));
    this.#nextOffset += bytes.length;
    return lines;
  }

  #keep(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const zero = bytes.indexOf(0, from);
      const end = zero < 0 ? bytes.length : zero;
      this.#keepText(bytes.subarray(from, end));
      if (zero < 0) return;
      // What stood before the gap and what stands after it were never one line.
      this.#beginningSeen = false;
      from = end;
      while (bytes[from] === 0) from += 1;
    }
  }

  #keepText(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#isTooLong) return;
    if (this.#pieceBytes + bytes.length > LONGEST_LINE_BYTES) {
      this.#isTooLong = true;
      this.#pieces = [];
      return;
    }
    // Not slice: of a Buffer that is the same memory, into which the caller reads its next chunk.
    this.#pieces.push(Uint8Array.from(bytes));
    this.#pieceBytes += bytes.length;
  }

  #takeLine(endOffset: number): BufferedLine | null {
    const line = this.#isTooLong ? null : { text: this.#text(), beginningSeen: this.#beginningSeen, endOffset };
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#isTooLong = false;
    this.#beginningSeen = true;
    this.#lineOffset = endOffset;
    return line;
  }

  #text(): string {
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    return this.#decoder.decode(bytes.subarray(0, end));
  }
}
