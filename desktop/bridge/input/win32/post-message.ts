import type { InputStrategy, TypingFault } from "../../commands/input.ts";
import type { NamedKey } from "../type-line.ts";
import { type OpenedSink, type SharedTyping, typingStrategy } from "../typing-strategy.ts";
import type { FoundWindow } from "../window-system.ts";

/** Puts a message into a window's queue; 0 when it is there, else the system's error number. */
export type PostMessage = (handle: number, message: number, wParam: number, lParam: number) => number;

const WM_KEYDOWN = 0x100;
const WM_KEYUP = 0x101;
const WM_CHAR = 0x102;

/** Virtual key and scan code. */
const KEYS: Readonly<Record<NamedKey, { readonly virtual: number; readonly scan: number }>> = {
  enter: { virtual: 0x0d, scan: 0x1c },
  escape: { virtual: 0x1b, scan: 0x01 },
};

/** The key was down, and goes up: bits 30 and 31. */
const RELEASED = 0xc0000000;

/** A whole line is a few of these: the longer the person is kept from mixing in the better, but a stop must be heard. */
const BURST = 64;

/**
 * Types into the window's message queue, wherever the window is. The client takes keys from key messages and text from
 * WM_CHAR, so a character needs no key of its own and cannot move the character about where no box is open.
 */
export function postMessageStrategy(shared: SharedTyping, post: PostMessage): InputStrategy {
  return typingStrategy("post_message", shared, async (window) => new QueueSink(window, post));
}

/** What an error number of Windows means to us. */
export function faultOf(error: number): TypingFault | null {
  switch (error) {
    case 0:
      return null;
    case 1400: // ERROR_INVALID_WINDOW_HANDLE
      return "no_window";
    case 5: // ERROR_ACCESS_DENIED: the game runs as administrator and we do not
      return "not_permitted";
    default: // such as ERROR_NOT_ENOUGH_QUOTA: the game hangs and its queue is full
      return "input_failed";
  }
}

class QueueSink implements OpenedSink {
  readonly burst = BURST;
  readonly #window: FoundWindow;
  readonly #post: PostMessage;

  constructor(window: FoundWindow, post: PostMessage) {
    this.#window = window;
    this.#post = post;
  }

  async press(key: NamedKey): Promise<TypingFault | null> {
    const { virtual, scan } = KEYS[key];
    const position = scan * 0x10000 + 1;
    const down = faultOf(this.#post(this.#window.handle, WM_KEYDOWN, virtual, position));
    return down ?? faultOf(this.#post(this.#window.handle, WM_KEYUP, virtual, RELEASED + position));
  }

  async character(character: string): Promise<TypingFault | null> {
    return faultOf(this.#post(this.#window.handle, WM_CHAR, character.charCodeAt(0), 1));
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}
