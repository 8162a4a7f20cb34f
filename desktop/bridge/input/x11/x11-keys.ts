import type { Robot } from "../robot.external.ts";
import type { Keys } from "../send-input.ts";
import type { NamedKey } from "../type-line.ts";
import { type KeyMapping, type PlannedKey, planKeys } from "./key-plan.ts";
import type { XConnection, XExtensions } from "./x-connection.external.ts";

const CORE_KEYBOARD = 0x100;
const CAPS_LOCK = 0x02;

/** A keyboard of X: for the time of a line Caps Lock is off, and the layout that a character needs is on. */
export class X11Keys implements Keys {
  readonly #x: XConnection;
  readonly #xkb: XExtensions["xkb"];
  readonly #robot: Robot;
  #plan: ReadonlyMap<string, PlannedKey> = new Map();
  #layout = 0;

  private constructor(x: XConnection, xkb: XExtensions["xkb"], robot: Robot) {
    this.#x = x;
    this.#xkb = xkb;
    this.#robot = robot;
  }

  /** @throws where the server knows no layouts */
  static async of(x: XConnection, robot: Robot): Promise<X11Keys> {
    const xkb = await x.ask<XExtensions["xkb"]>((done) => x.client.require("xkb", done));
    await x.ask((done) => xkb.UseExtension(1, 0, done));
    return new X11Keys(x, xkb, robot);
  }

  async prepare(text: string): Promise<(() => Promise<void>) | null> {
    const { client, keycodes } = this.#x;
    const mapping = await this.#x.ask<KeyMapping>((done) =>
      client.GetKeyboardMapping(keycodes.first, keycodes.count, done),
    );
    const plan = planKeys(mapping, text);
    if (plan === null) return null;
    this.#plan = plan;
    const before = await this.#state();
    await this.#lock(0, 0);
    return () => this.#lock(before.lockedGroup, before.lockedMods);
  }

  async turnTo(character: string): Promise<void> {
    const layout = this.#plan.get(character)?.layout ?? this.#layout;
    if (layout !== this.#layout) await this.#lock(layout, 0);
  }

  press(key: NamedKey): void {
    this.#robot.tap(key, false);
  }

  character(character: string): void {
    const key = this.#plan.get(character);
    if (key === undefined) throw new Error(`no key was planned for ${character}`);
    this.#robot.tap(key.plain, key.isShifted);
  }

  #state(): Promise<{ readonly lockedMods: number; readonly lockedGroup: number }> {
    return this.#x.ask((done) => this.#xkb.GetState(CORE_KEYBOARD, done));
  }

  /** Resolves when the server has done it: the keys come over another connection. */
  async #lock(layout: number, modifiers: number): Promise<void> {
    this.#xkb.LatchLockState(CORE_KEYBOARD, CAPS_LOCK, modifiers & CAPS_LOCK, true, layout, 0, 0, false, 0);
    await this.#state();
    this.#layout = layout;
  }
}
