import type { GameProcess, TypingFault } from "../commands/input.ts";

/** A window that could be the game's. */
export interface FoundWindow {
  /** Process and handle: the system may give the same handle to another window later. */
  readonly id: string;
  /** The system's own number of it. */
  readonly handle: number;
  readonly title: string;
  readonly processId: number;
}

/** What a system tells of its windows and of the hands in front of it. A call rejects when the system does not answer. */
export interface WindowSystem {
  /** Every window that could be the game's, in an order that stays. */
  findGameWindows(): Promise<readonly FoundWindow[]>;
  /** The process behind a window; null when it is gone. */
  findProcess(window: FoundWindow): Promise<GameProcess | null>;
  /** The window that typed keys go to; null when it is none, or cannot be known. */
  foreground(): Promise<number | null>;
  /** Whether typed keys go to this window. */
  isForeground(handle: number): Promise<boolean>;
  /** Asks that typed keys go to a window. The system may refuse; who needs to know looks. */
  bringToFront(handle: number): Promise<void>;
  /** Why keys for this window would not reach it although it is in front; null when they would. */
  typingObstacle(window: FoundWindow): Promise<TypingFault | null>;
  /** Milliseconds since the last input of anybody, ours by `send_input` included. */
  idleMs(): Promise<number>;
  /** Whether a key or a button of the mouse is being held down. */
  isAnythingHeld(): Promise<boolean>;
  /** Lets the system go. */
  close(): Promise<void>;
}
