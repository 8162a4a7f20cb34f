/** What happens to the first gold, in this order. */
export const STEPS = [
  "enrolled",
  "drawn",
  "online",
  "whispered",
  "accepted",
  "mailed",
  "sent",
  "announced",
  "left_pool",
] as const;

/** One step of a payout's story. */
export type StoryStep = (typeof STEPS)[number];

/** A story that reached its end; times in milliseconds since the process began. */
export type FirstGold = {
  readonly firstGoldMs: number;
  readonly steps: readonly { readonly step: StoryStep; readonly atMs: number }[];
};

/** Notes when each step was seen. A spin that comes to nothing is taken back. */
export class TimeLine {
  readonly #sinceStartMs: () => number;
  #steps: { readonly step: StoryStep; readonly atMs: number }[] = [];

  constructor(sinceStartMs: () => number) {
    this.#sinceStartMs = sinceStartMs;
  }

  /** The step after the last one that was seen; null at the end. */
  get next(): StoryStep | null {
    return STEPS[this.#steps.length] ?? null;
  }

  see(step: StoryStep): void {
    if (step !== this.next) throw new Error(`${step} was seen where ${this.next} comes next`);
    this.#steps.push({ step, atMs: this.#sinceStartMs() });
  }

  /** Back to where the viewers wait for a spin. */
  takeBackSpin(): void {
    this.#steps = this.#steps.filter(({ step }) => step === "enrolled");
  }

  finish(): FirstGold {
    return { firstGoldMs: this.#steps.at(-1)?.atMs ?? 0, steps: this.#steps };
  }
}
