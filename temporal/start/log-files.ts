import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

const LONGEST_BYTES = 5_000_000;
const LAST_LINES = 12;

/** Where the logs of a data folder are. */
export function logFolderOf(dataDir: string): string {
  return join(dataDir, "logs");
}

/** One process's log, kept over starts; one older file is kept when it grows long. */
export class LogFile {
  readonly path: string;
  readonly descriptor: number;

  constructor(dataDir: string, name: string) {
    const folder = logFolderOf(dataDir);
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${name}.log`);
    if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_BYTES) {
      renameSync(this.path, `${this.path}.old`);
    }
    this.descriptor = openSync(this.path, "a", 0o600);
  }

  readonly write = (line: string): void => {
    writeSync(this.descriptor, `${line}\n`);
  };

  /** What it ends with, for the message about a process that ended. */
  lastLines(): string {
    return readFileSync(this.path, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
