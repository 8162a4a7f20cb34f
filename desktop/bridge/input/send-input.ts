import type { InputStrategy, TypingFault } from "../commands/input.ts";
import type { Stillness } from "./stillness.ts";
import type { NamedKey } from "./type-line.ts";
import { type OpenedSink, type SharedTyping, typingStrategy } from "./typing-strategy.ts";
import type { FoundWindow, WindowSystem } from "./window-system.ts";

/*
 * Keys as from a keyboard: they go to the window in front, whichever that is. So the game is brought to the front if it
 * is not there (where the system allows it), before each single key it is looked at whether it still is, and after the
 * line the window that was there before comes back. What was in front when the keyboard was taken away stays there.
 */

/** A keyboard whose keys go to the window in front. */
export interface Keys {
  /** Makes the keyboard fit for typing this text; the answer puts it back as it was. Null where a character has no key. */
  prepare(text: string): Promise<(() => Promise<void>) | null>;
  press(key: NamedKey): Promise<void>;
  /** One character of the prepared text. */
  character(character: string): Promise<void>;
}

/** What `send_input` works with. */
export interface SendInputOptions extends SharedTyping {
  readonly system: WindowSystem;
  readonly keys: Keys;
  readonly stillness: Stillness;
}

/** Looks at the system's answer to being asked for the front this often, this far apart. */
const FRONT_LOOKS = 10;
const FRONT_LOOK_MS = 50;
const BURST = 8;

/** Types as a keyboard does: robotjs on Windows and X. */
export function sendInput(options: SendInputOptions): InputStrategy {
  const { system, keys, clock, openingMs, stillness } = options;

  const comesToFront = async (window: FoundWindow, signal: AbortSignal): Promise<boolean> => {
    if (await system.isForeground(window.handle)) return true;
    await system.bringToFront(window.handle);
    for (let look = 0; look < FRONT_LOOKS && !(await system.isForeground(window.handle)); look += 1) {
      await clock.sleep(FRONT_LOOK_MS, signal).catch(() => undefined);
    }
    // The system says so at once; the game takes the keyboard when it has read that it may.
    await clock.sleep(openingMs, signal).catch(() => undefined);
    return system.isForeground(window.handle);
  };

  return typingStrategy("send_input", options, async (window, line, signal) => {
    const obstacle = await system.typingObstacle(window);
    if (obstacle !== null) return obstacle;
    const before = await system.foreground();
    if (!(await comesToFront(window, signal))) return "focus_lost";
    const restoreKeyboard = await keys.prepare(line);
    if (restoreKeyboard === null) return "input_failed";
    stillness.begin(clock.elapsed(), clock.elapsed() - (await system.idleMs()));
    return new FrontWindowSink(options, window, { before, restoreKeyboard });
  });
}

/** What was there before we began, to be put back. */
interface Found {
  readonly before: number | null;
  readonly restoreKeyboard: () => Promise<void>;
}

class FrontWindowSink implements OpenedSink {
  readonly burst = BURST;
  readonly #options: SendInputOptions;
  readonly #window: FoundWindow;
  readonly #found: Found;
  #wasLost = false;

  constructor(options: SendInputOptions, window: FoundWindow, found: Found) {
    this.#options = options;
    this.#window = window;
    this.#found = found;
  }

  press(key: NamedKey): Promise<TypingFault | null> {
    return this.#send(() => this.#options.keys.press(key));
  }

  character(character: string): Promise<TypingFault | null> {
    return this.#send(() => this.#options.keys.character(character));
  }

  async close(): Promise<void> {
    const { system, clock, openingMs, stillness } = this.#options;
    stillness.extend(clock.elapsed());
    const { before, restoreKeyboard } = this.#found;
    await restoreKeyboard();
    if (before === null || before === this.#window.handle || this.#wasLost) return;
    // The last keys may still be in the game's queue, and a window that is not in front would not get them.
    await clock.sleep(openingMs, new AbortController().signal);
    await system.bringToFront(before);
  }

  async #send(key: () => Promise<void>): Promise<TypingFault | null> {
    const { system, clock, stillness } = this.#options;
    if (!(await system.isForeground(this.#window.handle))) {
      this.#wasLost = true;
      return "focus_lost";
    }
    await key();
    stillness.extend(clock.elapsed());
    return null;
  }
}
