import type { EventEmitter } from "node:events";
import type { GameWindow, WindowKey } from "./window-key.ts";

/*
 * A window of X as Wine makes it for the client: both halves of WM_CLASS are the program's name. What a key gives is
 * taken from the keyboard's mapping, Shift, Caps Lock and the layout that is on, as Wine does with the first two levels.
 */

const KEY_PRESS = 2;
const KEY_PRESS_MASK = 1;
const REVERT_TO_PARENT = 2;
const STRING = 31;
const SHIFT = 0x01;
const CAPS_LOCK = 0x02;

const KEYS: Readonly<Record<number, WindowKey>> = {
  65288: { key: "BACKSPACE" },
  65289: { key: "TAB" },
  65293: { key: "ENTER" },
  65307: { key: "ESCAPE" },
};

/** How a window is called, and where. */
export interface X11WindowOptions {
  readonly display: string;
  readonly className: string;
  readonly title: string;
  readonly onKey: (key: WindowKey) => void;
}

/** A window with a connection of its own, as a program of its own would have. */
export interface X11Window extends GameWindow {
  /** Keeps all keys for itself, as a lock screen does. */
  holdKeyboard(): Promise<void>;
}

interface XEvent {
  readonly type: number;
  readonly keycode: number;
  readonly buttons: number;
}

type Done<Reply> = (error: Error | null, reply: Reply) => void;

interface XClient extends EventEmitter {
  readonly atoms: { readonly WM_CLASS: number; readonly WM_NAME: number };
  AllocID(): number;
  CreateWindow(...parameters: unknown[]): void;
  ChangeProperty(mode: 0, window: number, name: number, type: number, format: 8, value: string): void;
  MapWindow(window: number): void;
  RaiseWindow(window: number): void;
  SetInputFocus(window: number, revertTo: number): void;
  GetKeyboardMapping(first: number, count: number, done: Done<readonly (readonly number[])[]>): void;
  GrabKeyboard(window: number, toOwner: 0, time: 0, pointer: 1, keyboard: 1, done: Done<number>): void;
  GetInputFocus(done: Done<unknown>): void;
  require(name: "xkb", done: Done<{ UseExtension(major: number, minor: number, done: Done<unknown>): void }>): void;
  terminate(): void;
}

interface XDisplay {
  readonly client: XClient;
  readonly screen: readonly { readonly root: number }[];
  readonly min_keycode: number;
  readonly max_keycode: number;
}

interface X11Module {
  createClient(options: { readonly display: string }, done: Done<XDisplay>): XClient;
}

/** Opens a window and waits until it can take the keyboard. */
export async function openX11Window({ display, className, title, onKey }: X11WindowOptions): Promise<X11Window> {
  const { default: x11 } = (await import("x11" as string)) as { readonly default: X11Module };
  const connected = await new Promise<XDisplay>((resolve, reject) => {
    x11
      .createClient({ display }, (error, answer) => (error ? reject(error) : resolve(answer)))
      .on("error", () => undefined);
  });
  const { client, min_keycode: first, max_keycode: last } = connected;
  const ask = <Reply>(send: (done: Done<Reply>) => void) =>
    new Promise<Reply>((resolve, reject) => send((error, reply) => (error ? reject(error) : resolve(reply))));
  // Only who speaks of layouts is told with each key which one is on.
  const xkb = await ask<Parameters<Parameters<XClient["require"]>[1]>[1]>((done) => client.require("xkb", done));
  await ask((done) => xkb.UseExtension(1, 0, done));
  const mapping = await ask<readonly (readonly number[])[]>((done) =>
    client.GetKeyboardMapping(first, last - first + 1, done),
  );
  const handle = client.AllocID();
  client.on("event", ({ type, keycode, buttons }: XEvent) => {
    if (type !== KEY_PRESS) return;
    const pressed = meaningOf(mapping[keycode - first] ?? [], buttons);
    if (pressed !== null) onKey(pressed);
  });
  client.CreateWindow(handle, connected.screen[0]?.root, 0, 0, 400, 300, 0, 0, 0, 0, { eventMask: KEY_PRESS_MASK });
  client.ChangeProperty(0, handle, client.atoms.WM_CLASS, STRING, 8, `${className}\0${className}\0`);
  client.ChangeProperty(0, handle, client.atoms.WM_NAME, STRING, 8, title);
  client.MapWindow(handle);
  await ask((done) => client.GetInputFocus(done));
  return {
    handle,
    toFront: () => {
      client.RaiseWindow(handle);
      client.SetInputFocus(handle, REVERT_TO_PARENT);
    },
    close: () => client.terminate(),
    holdKeyboard: async () => {
      await ask<number>((done) => client.GrabKeyboard(handle, 0, 0, 1, 1, done));
    },
  };
}

function meaningOf(key: readonly number[], state: number): WindowKey | null {
  const layout = (state >> 13) & 0x03;
  const own = key.slice(2 * layout, 2 * layout + 2);
  const [plain = 0, shifted = 0] = own.some((keysym) => keysym !== 0) ? own : key;
  const named = KEYS[plain];
  if (named !== undefined) return named;
  const isLetter = plain !== shifted && /\p{L}/u.test(String.fromCodePoint(plain));
  const isShifted = ((state & SHIFT) !== 0) !== (isLetter && (state & CAPS_LOCK) !== 0);
  const keysym = isShifted ? shifted : plain;
  if (keysym >= 0x20 && keysym <= 0x7e) return { character: String.fromCharCode(keysym) };
  // Cyrillic and the rest of the letters: the client's window is an ANSI one.
  return keysym !== 0 && keysym < 0xff00 ? { character: "?" } : null;
}
