import { setTimeout as delay } from "node:timers/promises";

/*
 * Something that can be killed at any moment and is started again, as an init system would:
 *
 *   down ──start──► up ──kill──► down      up ──ends by itself──► down (told)
 */

/** One life of it. */
export interface Life {
  /** Settles when it is over, with a phrase such as `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** kill -9. */
  kill(): void;
  /** Ends it in good order. */
  stop(): Promise<void>;
}

/** What a mortal is made of. */
export interface MortalOptions {
  readonly name: string;
  readonly start: () => Promise<Life>;
  /** It ended although nobody killed it. */
  readonly onDied: (how: string) => void;
  readonly log: (line: string) => void;
}

const START_AGAIN_AFTER_MS = 500;
const MOST_STARTS = 40;

/** A part of the system that dies and rises. */
export class Mortal {
  readonly #options: MortalOptions;
  #life: Life | null = null;
  #isKilled = false;
  #isStarting = false;

  constructor(options: MortalOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Whether there is something to kill. */
  get isUp(): boolean {
    return this.#life !== null;
  }

  /** Starts it; tries again when that fails, because what it needs may be down as well. */
  async start(): Promise<void> {
    if (this.#life !== null || this.#isStarting) return;
    this.#isStarting = true;
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          this.#begin(await this.#options.start());
          return;
        } catch (error) {
          this.#options.log(`${this.name} does not start: ${error instanceof Error ? error.message : String(error)}`);
          if (attempt >= MOST_STARTS) throw error;
          await delay(START_AGAIN_AFTER_MS);
        }
      }
    } finally {
      this.#isStarting = false;
    }
  }

  /** kill -9; resolves when it is dead. False when there was nothing to kill. */
  async kill(): Promise<boolean> {
    const life = this.#life;
    if (life === null) return false;
    this.#isKilled = true;
    life.kill();
    await life.ended;
    this.#life = null;
    return true;
  }

  async stop(): Promise<void> {
    const life = this.#life;
    this.#isKilled = true;
    this.#life = null;
    await life?.stop();
  }

  #begin(life: Life): void {
    this.#life = life;
    this.#isKilled = false;
    void life.ended.then((how) => {
      if (this.#isKilled || this.#life !== life) return;
      this.#life = null;
      this.#options.onDied(how);
    });
  }
}
