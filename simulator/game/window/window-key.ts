import type { Game } from "../game.ts";

/** What a window of the client makes of a key message. */
export type WindowKey =
  | { readonly key: "ENTER" | "ESCAPE" | "TAB" | "BACKSPACE" }
  /** A character that has a key of its own behind it, or none. */
  | { readonly character: string };

/** A real window that looks like the client's to whoever searches for it. */
export interface GameWindow {
  /** The system's number of it. */
  readonly handle: number;
  /** Asks for the keyboard. */
  toFront(): void;
  close(): void;
}

/** Gives a window's key to the game, which handles it in its present frame. */
export function pressInGame(game: Game, pressed: WindowKey): void {
  const { keyboard } = game;
  if ("character" in pressed) keyboard.typeKeys(pressed.character);
  else if (pressed.key === "ENTER") keyboard.pressEnter();
  else if (pressed.key === "ESCAPE") keyboard.pressEscape();
  else if (pressed.key === "TAB") keyboard.pressTab();
  else keyboard.pressBackspace();
}
