import type { Tell } from "./progress.ts";

/** How to stop everything that was started. */
export class Stops {
  readonly #stops: { readonly name: string; readonly stop: () => Promise<void> }[] = [];

  /** To be called as soon as it runs. */
  add(name: string, stop: () => Promise<void>): void {
    this.#stops.push({ name, stop });
  }

  /** Stops all of it, the last one first; resolves to whether all went well. */
  async stopAll(tell: Tell): Promise<boolean> {
    let isGood = true;
    for (let next = this.#stops.pop(); next !== undefined; next = this.#stops.pop()) {
      try {
        await next.stop();
      } catch (error) {
        // What stands before it wants to be stopped all the same.
        isGood = false;
        tell(`${next.name} did not stop: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return isGood;
  }
}
