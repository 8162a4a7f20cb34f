import { encodeText } from "../vm/lua-text.ts";
import type { LogStorage } from "./log-storage.ts";

/*
 *   line ─► pending bytes ──(49,152 reached)──► one block on the disk
 *                         ──(toggle, exit)────► all of it on the disk
 *                         ──(crash)───────────► gone
 *
 * A block ends where it ends: in the middle of a line, in the middle of a character.
 */

/** How many bytes the client collects before it writes. */
export const BLOCK_BYTES = 49_152;

/** How this client treats its log. */
export type ChatLogOptions = {
  readonly storage: LogStorage;
  /** Whether LoggingChat(false) writes what is pending. On later clients it does not. */
  readonly flushOnToggle?: boolean;
  readonly blockBytes?: number;
  /** Whether the log, still on by its own account, writes nothing after a /reload until it was switched off and on. */
  readonly deadAfterReload?: boolean;
};

/** WoWChatLog.txt as the client writes it. */
export class ChatLog {
  readonly #storage: LogStorage;
  readonly #flushOnToggle: boolean;
  readonly #blockBytes: number;
  readonly #deadAfterReload: boolean;
  #isDead = false;
  #pending = Buffer.alloc(0);
  #position = 0;
  #on = false;
  #isOpen = false;

  constructor({ storage, flushOnToggle = true, blockBytes = BLOCK_BYTES, deadAfterReload = false }: ChatLogOptions) {
    this.#storage = storage;
    this.#flushOnToggle = flushOnToggle;
    this.#blockBytes = blockBytes;
    this.#deadAfterReload = deadAfterReload;
  }

  get isOn(): boolean {
    return this.#on;
  }

  /** Bytes that a crash would lose. */
  get pendingBytes(): number {
    return this.#pending.length;
  }

  /** LoggingChat(true) and LoggingChat(false). */
  toggle(on: boolean): void {
    if (on && !this.#isOpen) {
      this.#position = this.#storage.open();
      this.#isOpen = true;
    }
    if (!on && this.#isOpen && this.#flushOnToggle) this.#shut();
    if (!on) this.#isDead = false;
    this.#on = on;
  }

  /** One line of chat at a local time. Nothing happens while logging is off. */
  write(text: string, atMs: number): void {
    if (!this.#on || this.#isDead) return;
    this.#pending = Buffer.concat([this.#pending, encodeText(`${timestamp(atMs)}  ${text}\r\n`)]);
    while (this.#pending.length >= this.#blockBytes) this.#flush(this.#blockBytes);
  }

  /** The interface is loaded anew. */
  reload(): void {
    this.#isDead = this.#deadAfterReload && this.#on;
  }

  /** The client ends in good order. */
  exit(): void {
    if (this.#isOpen) this.#shut();
    this.#on = false;
    this.#isDead = false;
  }

  /** The client dies: what was not written is lost. */
  crash(): void {
    this.#pending = Buffer.alloc(0);
    if (this.#isOpen) this.#storage.close();
    this.#isOpen = false;
    this.#on = false;
    this.#isDead = false;
  }

  /** Somebody empties or shortens the file, the client running or not. */
  truncate(size = 0): void {
    this.#storage.truncate(size);
  }

  /** Somebody moves the file away. The client's handle forbids it while the log is open. */
  rotate(): void {
    if (this.#isOpen) throw new Error("the running client holds the chat log");
    this.#storage.rotate();
  }

  /** What is on the disk. */
  bytes(): Buffer {
    return this.#storage.read();
  }

  /** The complete lines on the disk, without timestamps. */
  texts(): string[] {
    const lines = this.bytes().toString("utf8").split("\r\n").slice(0, -1);
    return lines.map((line) => line.replace(/^\0*\d{1,2}\/\d{1,2} \d\d:\d\d:\d\d\.\d{3} {2}/, ""));
  }

  #shut(): void {
    this.#flush(this.#pending.length);
    this.#storage.close();
    this.#isOpen = false;
  }

  #flush(size: number): void {
    if (size === 0) return;
    this.#storage.writeAt(this.#position, this.#pending.subarray(0, size));
    this.#position += size;
    this.#pending = this.#pending.subarray(size);
  }
}

/** `M/D HH:MM:SS.mmm` in local time: no year, no zero before month and day. */
export function timestamp(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return `${at.getMonth() + 1}/${at.getDate()} ${time}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}
