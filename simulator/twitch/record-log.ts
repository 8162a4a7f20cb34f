/** What one endpoint took in, in order, with a way to wait for the next record instead of polling. */
export class RecordLog<T> {
  readonly #records: T[] = [];
  readonly #waiting = new Set<() => void>();

  push(record: T): void {
    this.#records.push(record);
    for (const check of [...this.#waiting]) check();
  }

  all(): readonly T[] {
    return this.#records;
  }

  get size(): number {
    return this.#records.length;
  }

  clear(): void {
    this.#records.length = 0;
  }

  /** The first record that fits, past ones included; rejects after `timeoutMs`. */
  waitFor(fits: (record: T) => boolean, timeoutMs = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.#records.find(fits);
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`no such record within ${timeoutMs} ms, ${this.#records.length} others seen`));
      }, timeoutMs);
      this.#waiting.add(check);
      check();
    });
  }
}
