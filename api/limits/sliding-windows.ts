/** Limits are per minute, and the minute slides. */
export const WINDOW_MS = 60_000;

/** What a limit says to a request. */
export interface Verdict {
  readonly passed: boolean;
  readonly limit: number;
  /** How many more would pass right now. */
  readonly remaining: number;
  /** Until the oldest counted request leaves the window; when refused, until a request would pass again. */
  readonly resetMs: number;
}

/**
 * The requests of many subjects within the last minute, each with its own time, so that the window slides exactly.
 * Requests that were refused are not counted. Times are milliseconds of any clock that only goes forward.
 */
export class SlidingWindows {
  readonly #windows = new Map<string, Window>();
  readonly #maxSubjects: number;

  /** With more than `maxSubjects`, the one that is known longest is forgotten: memory is bounded, whoever asks. */
  constructor(maxSubjects: number) {
    this.#maxSubjects = maxSubjects;
  }

  get subjectCount(): number {
    return this.#windows.size;
  }

  /** Judges a request at `now`, and counts it when it passes. */
  count(subject: string, limit: number, now: number): Verdict {
    const window = this.#windowOf(subject);
    window.slideTo(now);
    const passed = window.size < limit;
    if (passed) window.add(now);
    const leavesAt = window.oldest(Math.max(0, window.size - limit)) + WINDOW_MS;
    return { passed, limit, remaining: Math.max(0, limit - window.size), resetMs: Math.max(0, leavesAt - now) };
  }

  /** Counts a request that passed elsewhere, at a time that may lie before others that are counted already. */
  add(subject: string, at: number): void {
    this.#windowOf(subject).add(at);
  }

  /** Forgets the subjects that have been quiet for a whole window. */
  forgetQuiet(now: number): void {
    for (const [subject, window] of this.#windows) {
      window.slideTo(now);
      if (window.size === 0) this.#windows.delete(subject);
    }
  }

  #windowOf(subject: string): Window {
    const known = this.#windows.get(subject);
    if (known !== undefined) return known;
    if (this.#windows.size >= this.#maxSubjects) {
      for (const longest of this.#windows.keys()) {
        this.#windows.delete(longest);
        break;
      }
    }
    const window = new Window();
    this.#windows.set(subject, window);
    return window;
  }
}

/** How many times that have left a window may stay in its array before it is cut. */
const LEFT_AT_MOST = 32;

/** Ascending times; those before `#first` have left. */
class Window {
  readonly #times: number[] = [];
  #first = 0;

  get size(): number {
    return this.#times.length - this.#first;
  }

  /** The time of the `rank`-th oldest request, from 0. */
  oldest(rank: number): number {
    const time = this.#times[this.#first + rank];
    if (time === undefined) throw new Error("the window has fewer requests");
    return time;
  }

  slideTo(now: number): void {
    while (this.size > 0 && this.oldest(0) <= now - WINDOW_MS) this.#first++;
    if (this.#first > LEFT_AT_MOST && this.#first * 2 > this.#times.length) {
      this.#times.splice(0, this.#first);
      this.#first = 0;
    }
  }

  add(at: number): void {
    let place = this.#times.length;
    this.#times.push(at);
    for (; place > this.#first; place--) {
      const before = this.#times[place - 1];
      if (before === undefined || before <= at) break;
      this.#times[place] = before;
    }
    this.#times[place] = at;
  }
}
