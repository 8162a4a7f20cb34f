import type { LuaModule } from "./lua-module.external.ts";
import { LuaState } from "./lua-state.ts";
import { encodeText } from "./lua-text.ts";

/*
 * Which lines of a chunk hold code? Lua tells it for functions that exist; those that are never made are only in the
 * compiled chunk. So we dump the chunk and read the line table of every function in it.
 *
 * Layout of a 5.1 dump (32 bits): header 12; function = source, two line numbers, 4 bytes, code, constants, functions,
 * line table, locals, upvalue names.
 */

const HEADER_BYTES = 12;
const CONSTANT = { nil: 0, boolean: 1, number: 3, string: 4 } as const;

/** The lines of a source for which the compiler made code. A source that does not compile has none. */
export function executableLines(module: LuaModule, source: string, chunkName: string): ReadonlySet<number> {
  const state = LuaState.open(module, {});
  try {
    state.runPrelude(
      `local sim = ...
       function sim.dump(source, name)
         local chunk = loadstring(source, name)
         return chunk and string.dump(chunk) or ""
       end`,
      "=dump",
    );
    const [dump] = state.call("dump", source, chunkName);
    const bytes = encodeText(String(dump));
    const lines = new Set<number>();
    if (bytes.length > HEADER_BYTES) new DumpReader(Buffer.from(bytes), HEADER_BYTES).readFunction(lines);
    return lines;
  } finally {
    state.close();
  }
}

class DumpReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  readFunction(lines: Set<number>): void {
    this.#skipString();
    this.#at += 12;
    this.#skip(4);
    for (let left = this.#int(); left > 0; left--) this.#skipConstant();
    for (let left = this.#int(); left > 0; left--) this.readFunction(lines);
    const own: number[] = [];
    for (let left = this.#int(); left > 0; left--) own.push(this.#int());
    // The last instruction is the return that the compiler adds at `end`; nobody writes it, nobody can reach it after
    // a return of one's own.
    for (const line of own.slice(0, -1)) lines.add(line);
    for (let left = this.#int(); left > 0; left--) {
      this.#skipString();
      this.#at += 8;
    }
    for (let left = this.#int(); left > 0; left--) this.#skipString();
  }

  #skipConstant(): void {
    const type = this.#bytes[this.#at++];
    if (type === CONSTANT.boolean) this.#at += 1;
    else if (type === CONSTANT.number) this.#at += 8;
    else if (type === CONSTANT.string) this.#skipString();
    else if (type !== CONSTANT.nil) throw new Error(`unknown constant of type ${type}`);
  }

  #skipString(): void {
    this.#skip(1);
  }

  /** Skips a counted run of things. The count is read first: `+=` would take the old place. */
  #skip(bytesEach: number): void {
    const count = this.#int();
    this.#at += count * bytesEach;
  }

  #int(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }
}
