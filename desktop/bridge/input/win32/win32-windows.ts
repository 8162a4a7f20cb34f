import type { GameProcess, TypingFault } from "../../commands/input.ts";
import { isGameClass } from "../game-window.ts";
import type { FoundWindow, WindowSystem } from "../window-system.ts";
import { faultOf } from "./post-message.ts";
import type { Win32 } from "./user32.external.ts";

const WM_KEYUP = 0x101;
/** A virtual key that no keyboard has and no program knows. */
const VK_NONAME = 0xfc;

/** Buttons of the mouse, Shift, Control, Alt, both Windows keys, space, arrows, digits and letters. */
const HELD_KEYS: readonly number[] = [
  ...[0x01, 0x02, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x5b, 0x5c, 0x20],
  ...[0x25, 0x26, 0x27, 0x28],
  ...Array.from({ length: 10 }, (_, digit) => 0x30 + digit),
  ...Array.from({ length: 26 }, (_, letter) => 0x41 + letter),
];

/** The windows of Windows. */
export class Win32Windows implements WindowSystem {
  readonly #win32: Win32;

  constructor(win32: Win32) {
    this.#win32 = win32;
  }

  async findGameWindows(): Promise<readonly FoundWindow[]> {
    const { topWindows, isVisible, className, title, processIdOf } = this.#win32;
    return topWindows()
      .filter((handle) => isGameClass(className(handle)) && isVisible(handle))
      .sort((one, other) => one - other)
      .map((handle) => {
        const processId = processIdOf(handle);
        return { id: `${processId}:${handle.toString(16)}`, handle, title: title(handle), processId };
      });
  }

  async findProcess({ processId }: FoundWindow): Promise<GameProcess | null> {
    const startedAt = this.#win32.processStartedAt(processId);
    return startedAt === null ? null : { processId, startedAt };
  }

  async foreground(): Promise<number | null> {
    return this.#win32.foreground() || null;
  }

  async isForeground(handle: number): Promise<boolean> {
    return this.#win32.foreground() === handle;
  }

  async bringToFront(handle: number): Promise<void> {
    if (this.#win32.isMinimised(handle)) this.#win32.restore(handle);
    this.#win32.setForeground(handle);
  }

  async typingObstacle({ handle }: FoundWindow): Promise<TypingFault | null> {
    // Keys for a window of a program with higher rights vanish without a word; a message for it is refused.
    return faultOf(this.#win32.post(handle, WM_KEYUP, VK_NONAME, 1));
  }

  async idleMs(): Promise<number> {
    return this.#win32.idleMs();
  }

  async isAnythingHeld(): Promise<boolean> {
    return HELD_KEYS.some(this.#win32.isDown);
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
