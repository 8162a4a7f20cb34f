import type { Lua } from "wasmoon-lua5.1";

/*
 * Which globals a chunk names, read from its bytecode: Lua 5.1 compiles each access to a global into GETGLOBAL or
 * SETGLOBAL with the name among the function's constants, so nothing that runs or does not run can hide one.
 */

const GETGLOBAL = 5;
const SETGLOBAL = 7;

/** The globals that a source reads and writes, sorted; throws where it does not parse. */
export function globalsOf(lua: Lua, name: string, source: Buffer): { reads: string[]; writes: string[] } {
  lua.mountFile(`/scan/${name}`, source);
  const hex = String(
    lua.doStringSync(`
      local chunk = assert(loadfile("/scan/${name}"))
      return (string.dump(chunk):gsub(".", function(byte) return string.format("%02x", byte:byte()) end))
    `),
  );
  lua.unmountFile(`/scan/${name}`);
  const scan = new BytecodeScan(Buffer.from(hex, "hex"));
  return { reads: [...scan.reads].sort(), writes: [...scan.writes].sort() };
}

/** One pass over a dumped chunk (lundump.c of 5.1, little endian). */
class BytecodeScan {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly #bytes: Buffer;
  readonly #sizeOfSize: number;
  #at = 12;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#sizeOfSize = bytes[8] ?? 4;
    this.#function();
  }

  #function(): void {
    this.#string();
    this.#at += 4 + 4 + 4;
    const code = Array.from({ length: this.#int() }, () => this.#int());
    const constants = Array.from({ length: this.#int() }, () => this.#constant());
    for (const instruction of code) {
      const opcode = instruction & 0x3f;
      const name = constants[instruction >>> 14];
      if (name === undefined) continue;
      if (opcode === GETGLOBAL) this.reads.add(name);
      if (opcode === SETGLOBAL) this.writes.add(name);
    }
    for (let left = this.#int(); left > 0; left--) this.#function();
    const lines = this.#int();
    this.#at += lines * 4;
    for (let left = this.#int(); left > 0; left--) {
      this.#string();
      this.#at += 8;
    }
    for (let left = this.#int(); left > 0; left--) this.#string();
  }

  #constant(): string | undefined {
    const type = this.#bytes[this.#at++];
    if (type === 4) return this.#string();
    this.#at += type === 3 ? 8 : type === 1 ? 1 : 0;
    return undefined;
  }

  #string(): string {
    const size = this.#bytes.readUInt32LE(this.#at);
    this.#at += this.#sizeOfSize;
    const text = this.#bytes.toString("latin1", this.#at, this.#at + Math.max(0, size - 1));
    this.#at += size;
    return text;
  }

  #int(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }
}
