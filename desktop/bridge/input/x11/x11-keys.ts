import { isDeepStrictEqual } from "node:util";
import type { Robot } from "../robot.external.ts";
import type { Keys } from "../send-input.ts";
import type { NamedKey } from "../type-line.ts";
import { type KeyMapping, type PlannedKey, planKeys } from "./key-plan.ts";
import type { XConnection, XExtensions } from "./x-connection.external.ts";

const CORE_KEYBOARD = 0x100;
const CAPS_LOCK = 0x02;
const SHIFT_LEFT = 0xffe1;

/**
 * A keyboard of X, played by robotjs; a key for which robotjs knows no name is pressed by its code. For the time of a
 * line Caps Lock is off, and a layout that has the line's characters is on.
 */
export class X11Keys implements Keys {
  readonly #x: XConnection;
  readonly #extensions: Pick<XExtensions, "xkb" | "xtest">;
  readonly #robot: Robot;
  #keys: ReadonlyMap<string, PlannedKey> = new Map();
  #mapping: KeyMapping = [];
  #shiftCode = 0;

  private constructor(x: XConnection, extensions: Pick<XExtensions, "xkb" | "xtest">, robot: Robot) {
    this.#x = x;
    this.#extensions = extensions;
    this.#robot = robot;
  }

  /** @throws where the server knows no layouts, or lets nobody press keys */
  static async of(x: XConnection, robot: Robot): Promise<X11Keys> {
    const xkb = await x.ask<XExtensions["xkb"]>((done) => x.client.require("xkb", done));
    await x.ask((done) => xkb.UseExtension(1, 0, done));
    const xtest = await x.ask<XExtensions["xtest"]>((done) => x.client.require("xtest", done));
    return new X11Keys(x, { xkb, xtest }, robot);
  }

  async prepare(text: string): Promise<(() => Promise<void>) | null> {
    const { client, keycodes } = this.#x;
    const mapping = await this.#x.ask<KeyMapping>((done) =>
      client.GetKeyboardMapping(keycodes.first, keycodes.count, done),
    );
    if (!isDeepStrictEqual(mapping, this.#mapping)) this.#robot.forgetLayouts();
    this.#mapping = mapping;
    const plan = planKeys(mapping, keycodes.first, text);
    if (plan === null) return null;
    this.#keys = plan.keys;
    this.#shiftCode = mapping.findIndex(([plain]) => plain === SHIFT_LEFT) + keycodes.first;
    const before = await this.#state();
    await this.#lock(plan.layout, 0);
    return () => this.#lock(before.lockedGroup, before.lockedMods);
  }

  async press(key: NamedKey): Promise<void> {
    this.#robot.tap(key, false);
  }

  async character(character: string): Promise<void> {
    const key = this.#keys.get(character);
    if (key === undefined) throw new Error(`no key was planned for ${character}`);
    if (key.name !== null) this.#robot.tap(key.name, key.isShifted);
    else await this.#tapCode(key);
  }

  async #tapCode({ code, isShifted }: PlannedKey): Promise<void> {
    const { xtest } = this.#extensions;
    const strokes = [
      ...(isShifted ? [{ type: xtest.KeyPress, code: this.#shiftCode }] : []),
      { type: xtest.KeyPress, code },
      { type: xtest.KeyRelease, code },
      ...(isShifted ? [{ type: xtest.KeyRelease, code: this.#shiftCode }] : []),
    ];
    for (const stroke of strokes) xtest.FakeInput(stroke.type, stroke.code, 0, this.#x.root, 0, 0);
    await this.#state();
  }

  #state(): Promise<{ readonly lockedMods: number; readonly lockedGroup: number }> {
    return this.#x.ask((done) => this.#extensions.xkb.GetState(CORE_KEYBOARD, done));
  }

  /** Resolves when the server has done it: robotjs has a connection of its own. */
  async #lock(layout: number, modifiers: number): Promise<void> {
    const { xkb } = this.#extensions;
    xkb.LatchLockState(CORE_KEYBOARD, CAPS_LOCK, modifiers & CAPS_LOCK, true, layout, 0, 0, false, 0);
    await this.#state();
  }
}
