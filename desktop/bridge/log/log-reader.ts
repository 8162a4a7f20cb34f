import { type FileHandle, open } from "node:fs/promises";
import { type BufferedLine, LineBuffer } from "./line-buffer.ts";
import { FINGERPRINT_BYTES, fingerprintOf, LOG_BEGINNING, type LogPosition } from "./log-position.ts";

/*
 * One pass over the log: from the committed position to what is its end now.
 *
 *   absent ──► nothing to do, the position stays
 *   shorter than the position ──► "truncated": read from its beginning
 *   other bytes before the position ──► "replaced": likewise (a longer file, a rotation, zero bytes after a truncation)
 *   else ──► chunks of lines; each is handed over with the position after it, and the next one is read when its
 *            consequences are stored.
 *
 * Every pass begins at the committed position with empty hands: a half line is read again when it is whole, so nothing in
 * memory can be glued to bytes of another file. For the same reason the bytes before the position are looked at again
 * after each chunk was read: if they are still there, the chunk came from the same log.
 */

/** Why a log is read from its beginning although it had been read before. */
export type LogReset = "truncated" | "replaced";

/** Lines in the order of the log, and the position once they are acted on. */
export interface LogChunk {
  readonly lines: readonly BufferedLine[];
  readonly position: LogPosition;
  /** Set on the first chunk of a log that is not the one that was read before. */
  readonly reset: LogReset | null;
  /** Whether more bytes are known to follow. */
  readonly hasMore: boolean;
}

const CHUNK_BYTES = 262_144;

/** Takes a chunk; resolves once its consequences and its position are stored. */
export type TakeChunk = (chunk: LogChunk) => Promise<void>;

/** What a pass came to. */
export interface LogPass {
  readonly isPresent: boolean;
  readonly position: LogPosition;
}

/** Reads what the log has more than `position`. Rejects with what `take` or the file system says. */
export async function readLog(path: string, position: LogPosition, take: TakeChunk): Promise<LogPass> {
  const file = await openShared(path);
  if (file === null) return { isPresent: false, position };
  try {
    return { isPresent: true, position: await readOpen(file, position, take) };
  } finally {
    await file.close();
  }
}

/** For reading only; Node opens files on Windows so that others may write, rename and delete them meanwhile. */
async function openShared(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r");
  } catch (error) {
    // EISDIR and ENOTDIR: the folder in its path is not one (yet).
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}

async function readOpen(file: FileHandle, from: LogPosition, take: TakeChunk): Promise<LogPosition> {
  let reset = await resetOf(file, from);
  let position = reset === null ? from : LOG_BEGINNING;
  // The reset itself is news, also when the new log has no whole line yet.
  if (reset !== null) {
    await take({ lines: [], position, reset, hasMore: true });
    reset = null;
  }
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const buffer = new LineBuffer({ offset: position.offset, beginningSeen: true });
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, buffer.nextOffset);
    if (bytesRead === 0 || (await resetOf(file, position)) !== null) return position;
    const lines = buffer.push(chunk.subarray(0, bytesRead));
    if (buffer.lineOffset === position.offset) continue;
    const next = await positionAt(file, buffer.lineOffset);
    // The log changed under our eyes: what was read is read again from what is there now.
    if (next === null || (await resetOf(file, position)) !== null) return position;
    await take({ lines, position: next, reset: null, hasMore: bytesRead === CHUNK_BYTES });
    position = next;
  }
}

async function resetOf(file: FileHandle, { offset, fingerprint }: LogPosition): Promise<LogReset | null> {
  if (offset === 0) return null;
  const bytes = await bytesBefore(file, offset);
  if (bytes === null) return "truncated";
  return fingerprintOf(bytes) === fingerprint ? null : "replaced";
}

async function positionAt(file: FileHandle, offset: number): Promise<LogPosition | null> {
  const bytes = await bytesBefore(file, offset);
  return bytes === null ? null : { offset, fingerprint: fingerprintOf(bytes) };
}

/** The bytes that vouch for an offset; null when the file does not reach so far. */
async function bytesBefore(file: FileHandle, offset: number): Promise<Uint8Array | null> {
  const length = Math.min(offset, FINGERPRINT_BYTES);
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset - length);
  return bytesRead === length ? bytes : null;
}
