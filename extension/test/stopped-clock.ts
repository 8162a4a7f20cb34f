import type { Page } from "playwright-core";

/** A page whose clock the test moves: timers, frames and dates. Requests take no time of it. */
export class StoppedClock {
  #page: Page | null = null;
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** Stops the clock of a page that is about to be loaded. */
  async stop(page: Page): Promise<void> {
    this.#page = page;
    await page.clock.install({ time: this.#now - 1_000 });
    await page.clock.pauseAt(this.#now);
  }

  /** Moves time on, step by step, letting requests be answered in between. */
  async advance(ms: number, stepMs = 250): Promise<void> {
    const page = this.#opened();
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(stepMs, left);
      await page.clock.runFor(step);
      this.#now += step;
      await settle(page);
    }
  }

  /** The machine sleeps: time passes, and what was due in it happens once, late. */
  async sleep(ms: number): Promise<void> {
    const page = this.#opened();
    await page.clock.fastForward(ms);
    this.#now += ms;
    await settle(page);
  }

  /** Somebody puts the machine's clock: what is due in a while stays due in that while. */
  async put(ms: number): Promise<void> {
    this.#now += ms;
    await this.#opened().clock.setSystemTime(this.#now);
  }

  #opened(): Page {
    if (this.#page === null) throw new Error("no page is open");
    return this.#page;
  }
}

/** Waits until nothing is under way between page and network, and the page has done what follows from it. */
async function settle(page: Page): Promise<void> {
  for (;;) {
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve();
          port2.postMessage(0);
        }),
    );
    const open = [...(underWay.get(page) ?? [])];
    if (open.length === 0) return;
    await Promise.all(open);
  }
}

const underWay = new WeakMap<Page, Set<Promise<void>>>();

/** Keeps count of a page's requests. */
export function countRequests(page: Page): void {
  const open = new Set<Promise<void>>();
  underWay.set(page, open);
  const ends = new Map<unknown, () => void>();
  page.on("request", (request) => {
    const done = new Promise<void>((resolve) => ends.set(request, resolve));
    open.add(done);
    void done.then(() => open.delete(done));
  });
  const end = (request: unknown): void => ends.get(request)?.();
  page.on("requestfinished", end);
  page.on("requestfailed", end);
}
