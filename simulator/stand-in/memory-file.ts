import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** A small JSON file that survives a restart; it is replaced as a whole, so that it is never half written. */
export class MemoryFile<Memory extends object> {
  readonly #path: string;
  readonly #value: Memory;

  /** `fresh` is what a first start, or a file that cannot be read, begins with. */
  constructor(path: string, fresh: Memory) {
    this.#path = path;
    this.#value = { ...fresh, ...read(path) };
  }

  get value(): Readonly<Memory> {
    return this.#value;
  }

  change(changed: Partial<Memory>): void {
    Object.assign(this.#value, changed);
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${JSON.stringify(this.#value)}\n`, { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}

function read(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // A demo without memory begins anew; the API knows what has happened.
    return {};
  }
}
