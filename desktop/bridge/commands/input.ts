/** Why typing is stopped when the game shows no world any more: no further key, for none would reach the chat box. */
export const WORLD_LEFT = "world_left";

/** A way to type into the game. Native code stands behind it; nothing else of the bridge knows which. */
export interface InputStrategy {
  readonly name: "post_message" | "send_input";
  /**
   * Opens the chat box, waits for it, types an ASCII line and sends it. Whether it arrived the addon's word tells. Aborted
   * with WORLD_LEFT it presses nothing more; aborted otherwise it drops what it typed.
   */
  type(line: string, signal: AbortSignal): Promise<TypingResult>;
}

/** What typing came to, as far as the system can tell. */
export type TypingResult = { readonly ok: true } | { readonly ok: false; readonly code: TypingFault };

/** Why nothing, or not all, was typed. */
export type TypingFault = "no_window" | "focus_lost" | "not_permitted" | "input_failed";

/** The process that shows the game. */
export interface GameProcess {
  readonly processId: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** What the system knows of the game and of the person in front of it. */
export interface Desk {
  /** The game, or null when it does not run. */
  findGame(): Promise<GameProcess | null>;
  /** For how long keyboard and mouse have not been touched, in milliseconds; our own typing is not counted. */
  stillForMs(): Promise<number>;
}
