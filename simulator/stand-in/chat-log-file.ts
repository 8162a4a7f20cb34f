import { appendFileSync, mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { LoggedLine } from "@mgm/domain/chat-line";

/** Appends a line as the game client does: local time without a year, two spaces, CRLF. */
export function appendChatLine(path: string, text: string, at = new Date()): void {
  mkdirSync(dirname(path), { recursive: true });
  const two = (part: number): string => String(part).padStart(2, "0");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  const stamp = `${at.getMonth() + 1}/${at.getDate()} ${time}.${String(at.getMilliseconds()).padStart(3, "0")}`;
  appendFileSync(path, `${stamp}  ${text}\r\n`);
}

const LINE_FEED = 0x0a;
const CHUNK_BYTES = 64 * 1024;

/** A line and where the next one begins. */
export type TailedLine = { readonly line: LoggedLine; readonly nextOffset: number };

/**
 * The whole lines of the file from `offset` on, which must be the beginning of one; what has no line end yet is left for
 * the next time. A file that became shorter is another file and read from its beginning.
 */
export async function* linesFrom(path: string, offset: number): AsyncGenerator<TailedLine> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (file === null) return;
  try {
    const { size } = await file.stat();
    let position = size < offset ? 0 : offset;
    // Bytes, not text: a chunk may end inside of a letter.
    let rest = Buffer.alloc(0);
    while (position + rest.length < size) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position + rest.length);
      if (bytesRead === 0) return;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
        const text = rest.subarray(0, end).toString("utf8").replace(/\r$/, "");
        position += end + 1;
        rest = rest.subarray(end + 1);
        yield { line: { text, beginningSeen: true }, nextOffset: position };
      }
    }
  } finally {
    await file.close();
  }
}
