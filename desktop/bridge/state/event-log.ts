import type { EventCode } from "../../wire/event-codes.ts";
import type { EventRow } from "../../wire/state.ts";
import { type Change, drop, put, type Store } from "../store/store.ts";

/** An event to be noted. */
export interface EventInput {
  readonly level: EventRow["level"];
  readonly code: EventCode;
  readonly details?: Readonly<Record<string, string>>;
}

const KEPT = 300;

/**
 * What happened, for people. The newest are kept over restarts; they are written now and then, because nothing depends
 * on them.
 */
export class EventLog {
  readonly #store: Store;
  #rows: EventRow[];
  #number: number;
  #unwritten: Change[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.#rows = [...store.all("event").values()].sort((one, other) => one.number - other.number);
    this.#number = this.#rows.at(-1)?.number ?? 0;
  }

  /** Oldest first. */
  get rows(): readonly EventRow[] {
    return this.#rows;
  }

  note({ level, code, details = {} }: EventInput, now: number): void {
    this.#number += 1;
    const row = { number: this.#number, at: now, level, code, details };
    this.#rows = [...this.#rows, row];
    this.#unwritten.push(put("event", String(row.number), row));
    const gone = this.#rows.slice(0, -KEPT);
    if (gone.length === 0) return;
    this.#rows = this.#rows.slice(-KEPT);
    this.#unwritten.push(...gone.map(({ number }) => drop("event", String(number))));
  }

  clear(): void {
    this.#unwritten.push(...this.#rows.map(({ number }) => drop("event", String(number))));
    this.#rows = [];
  }

  /** Writes what was noted since the last time; rejects when the store fails. */
  async write(): Promise<void> {
    await this.#store.commit(this.#unwritten.splice(0));
  }
}
