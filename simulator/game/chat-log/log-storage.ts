import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/*
 * The client opens the log once, remembers where its next byte goes, and writes there. Somebody else who cuts the file
 * meanwhile gets a run of zero bytes before the next block: the file system fills the gap.
 */

/** The disk that the log lies on. */
export type LogStorage = {
  /** Opens for appending; the answer is the size. */
  open(): number;
  writeAt(position: number, bytes: Uint8Array): void;
  close(): void;
  /** Cuts the file, whether the client has it open or not. */
  truncate(size: number): void;
  /** Moves the file away; only while the client does not hold it. */
  rotate(): void;
  read(): Buffer;
};

/** A log that exists in memory only. */
export function memoryLog(): LogStorage & { readonly rotated: readonly Buffer[] } {
  let content = Buffer.alloc(0);
  const rotated: Buffer[] = [];
  return {
    rotated,
    open: () => content.length,
    writeAt: (position, bytes) => {
      const size = Math.max(content.length, position + bytes.length);
      const grown = Buffer.alloc(size);
      content.copy(grown);
      grown.set(bytes, position);
      content = grown;
    },
    close: () => undefined,
    truncate: (size) => {
      content = Buffer.from(content.subarray(0, size));
    },
    rotate: () => {
      rotated.push(content);
      content = Buffer.alloc(0);
    },
    read: () => Buffer.from(content),
  };
}

/** A log in a real file; rotated ones get a number behind their name. */
export function fileLog(file: string): LogStorage {
  let descriptor: number | undefined;
  let rotations = 0;
  const exists = (run: () => void) => {
    try {
      run();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  };
  return {
    open: () => {
      mkdirSync(dirname(file), { recursive: true });
      // Not the append mode: the client writes at the place that it remembers, wherever the end is by now.
      if (descriptor === undefined) {
        closeSync(openSync(file, "a"));
        descriptor = openSync(file, "r+");
      }
      return fstatSync(descriptor).size;
    },
    writeAt: (position, bytes) => {
      if (descriptor === undefined) throw new Error("the chat log is not open");
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
      }
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
    truncate: (size) => exists(() => truncateSync(file, size)),
    rotate: () => {
      rotations += 1;
      exists(() => renameSync(file, `${file}.${rotations}`));
    },
    read: () => {
      let content = Buffer.alloc(0);
      exists(() => {
        content = readFileSync(file);
      });
      return content;
    },
  };
}
