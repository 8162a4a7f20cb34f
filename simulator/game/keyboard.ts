import type { Game } from "./game.ts";

/** What lies in the boxes of the login screen. */
export type LoginBoxes = { account: string; password: string; focus: "account" | "password"; attempts: number };

/**
 * The keys that reach the window. In the world they go to the client's own handling; at the login screen into its
 * boxes; a closed client gets none. The window is an ANSI one: what is outside ASCII arrives as question marks.
 */
export class Keyboard {
  readonly #game: Game;
  readonly loginBoxes: LoginBoxes = { account: "", password: "", focus: "account", attempts: 0 };
  /** Whether the machine's code page carries the characters that are typed. */
  carriesNonAscii = false;
  /** Keys that came during a loading screen: the window's messages wait until it is through. */
  #waiting: (() => void)[] = [];

  constructor(game: Game) {
    this.#game = game;
  }

  /** One character after the other, all within this frame. */
  typeKeys(text: string): void {
    for (const character of text) {
      const isCarried = this.carriesNonAscii || (character.codePointAt(0) ?? 0) < 0x80;
      this.#character(isCarried ? character : "?");
    }
  }

  pressEnter(): void {
    this.#key("ENTER");
  }

  pressEscape(): void {
    this.#key("ESCAPE");
  }

  pressTab(): void {
    this.#key("TAB");
  }

  pressBackspace(): void {
    this.#key("BACKSPACE");
  }

  /** The name of the edit box that the keys go to; undefined when there is none. */
  get focus(): string | undefined {
    const name = this.#game.session?.client.call("focusName")[0];
    return typeof name === "string" ? name : undefined;
  }

  /** The loading screen is over. */
  releaseWaiting(): void {
    for (const press of this.#waiting.splice(0)) press();
  }

  #character(character: string): void {
    if (this.#game.screen === "loading") {
      this.#waiting.push(() => this.#character(character));
      return;
    }
    if (this.#game.screen === "login") this.loginBoxes[this.loginBoxes.focus] += character;
    else this.#game.session?.client.call("character", character);
  }

  #key(name: "ENTER" | "ESCAPE" | "TAB" | "BACKSPACE"): void {
    if (this.#game.screen === "loading") {
      this.#waiting.push(() => this.#key(name));
      return;
    }
    if (this.#game.screen !== "login") {
      this.#game.session?.client.call("key", name);
      return;
    }
    const boxes = this.loginBoxes;
    if (name === "TAB") boxes.focus = boxes.focus === "account" ? "password" : "account";
    else if (name === "BACKSPACE") boxes[boxes.focus] = boxes[boxes.focus].slice(0, -1);
    else if (name === "ENTER") boxes.attempts += 1;
  }
}
