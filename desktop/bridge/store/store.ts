import { ClassicLevel } from "classic-level";
import type { Tables } from "./tables.ts";

/*
 * What the bridge must not forget, on the disk.
 *
 * LevelDB (classic-level) and not a journal of our own: its log has a checksum per record and takes a batch whole or not
 * at all, it syncs on demand, compacts by itself, and holds a lock on its folder, so that two bridges never share one.
 * The package brings its builds for Windows, macOS and Linux; nothing is fetched or compiled when it is installed.
 *
 * Everything is in memory as well: it is little, and the rules that decide about a line need all of it at once.
 *
 *   commit ──► memory changes at once ──► batches are written one after another, each synced ──► the promise resolves
 *
 * Memory may be ahead of the disk. Who acts on the outside world (types, asks the API) awaits the commit before. When a
 * write fails, memory and disk have parted for good: the store refuses everything from then on, and the bridge must end.
 */

/** A table's name. */
export type TableName = keyof Tables;

/** One record to put, or to drop when `value` is undefined. */
export type Change = {
  [Name in TableName]: { readonly table: Name; readonly id: string; readonly value: Tables[Name] | undefined };
}[TableName];

/** Builds the change that writes a record. */
export function put<Name extends TableName>(table: Name, id: string, value: Tables[Name]): Change {
  return { table, id, value } as Change;
}

/** Builds the change that removes a record. */
export function drop(table: TableName, id: string): Change {
  return { table, id, value: undefined } as Change;
}

/** The id of tables with one record only. */
export const ONLY = "";

/** The folder is used by another bridge. */
export class StoreInUseError extends Error {
  override readonly name = "StoreInUseError";
}

interface Waiting {
  readonly changes: readonly Change[];
  readonly done: () => void;
  readonly failed: (fault: unknown) => void;
}

/** The bridge's memory. Open it once per folder; close it at the end. */
export class Store {
  readonly #level: ClassicLevel<string, string>;
  readonly #tables = new Map<TableName, Map<string, unknown>>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #fault: { readonly cause: unknown } | null = null;

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /** Opens the store of a folder, which is made when it is not there. Rejects with StoreInUseError. */
  static async open(folder: string): Promise<Store> {
    // A small write buffer: all of it is a few hundred kilobytes, and the default holds four megabytes twice.
    const level = new ClassicLevel<string, string>(folder, { writeBufferSize: 1_048_576, cacheSize: 262_144 });
    try {
      await level.open();
    } catch (error) {
      if (isLocked(error)) throw new StoreInUseError(`another bridge uses ${folder}`, { cause: error });
      throw error;
    }
    const store = new Store(level);
    for await (const [key, text] of level.iterator()) {
      const separator = key.indexOf("!");
      store.#table(key.slice(0, separator) as TableName).set(key.slice(separator + 1), JSON.parse(text));
    }
    return store;
  }

  /** A record, or undefined. What it returns is not to be changed. */
  get<Name extends TableName>(table: Name, id: string): Tables[Name] | undefined {
    return this.#table(table).get(id) as Tables[Name] | undefined;
  }

  /** The records of a table by id, as they are now. */
  all<Name extends TableName>(table: Name): ReadonlyMap<string, Tables[Name]> {
    return new Map(this.#table(table)) as Map<string, Tables[Name]>;
  }

  /** Changes records, all or none; resolves once that is on the disk. */
  commit(changes: readonly Change[]): Promise<void> {
    if (this.#fault !== null) return Promise.reject(this.#broken());
    if (changes.length === 0) return this.#writing ?? Promise.resolve();
    for (const { table, id, value } of changes) {
      if (value === undefined) this.#table(table).delete(id);
      else this.#table(table).set(id, value);
    }
    return new Promise((done, failed) => {
      this.#waiting.push({ changes, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Writes what is waiting and closes the folder. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#level.close();
  }

  /** Everything that waits goes into one batch: one sync for all who came during the last one. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0);
      try {
        if (this.#fault !== null) throw this.#broken();
        await this.#level.batch(
          taken.flatMap(({ changes }) => changes.map(operation)),
          { sync: true },
        );
        for (const { done } of taken) done();
      } catch (cause) {
        this.#fault ??= { cause };
        for (const { failed } of taken) failed(this.#broken());
      }
    }
    this.#writing = null;
  }

  #table(name: TableName): Map<string, unknown> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const made = new Map<string, unknown>();
    this.#tables.set(name, made);
    return made;
  }

  #broken(): Error {
    return new Error("the bridge's store could not be written", { cause: this.#fault?.cause });
  }
}

function operation({ table, id, value }: Change) {
  const key = `${table}!${id}`;
  if (value === undefined) return { type: "del", key } as const;
  return { type: "put", key, value: JSON.stringify(value) } as const;
}

function isLocked(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED";
}
