import type { Game } from "../game.ts";

/** What a window of the client makes of a key message. */
export type WindowKey =
  | { readonly key: "ENTER" | "ESCAPE" | "TAB" | "BACKSPACE" }
  /** A character; one that came without a key reaches a box, but none of the game's bindings. */
  | { readonly character: string; readonly hasNoKey?: true };

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
  if ("hasNoKey" in pressed && keyboard.focus === undefined) return;
  if ("character" in pressed) keyboard.typeKeys(pressed.character);
  else if (pressed.key === "ENTER") keyboard.pressEnter();
  else if (pressed.key === "ESCAPE") keyboard.pressEscape();
  else if (pressed.key === "TAB") keyboard.pressTab();
  else keyboard.pressBackspace();
}
