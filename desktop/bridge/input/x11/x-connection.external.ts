import type { EventEmitter } from "node:events";

/*
 * The X protocol, as far as we speak it. The package is plain JavaScript: an X server that goes away is an error here,
 * where Xlib would end the process.
 */

type Done<Reply> = (error: Error | null, reply: Reply) => unknown;

/** A connected client of the package `x11`; it brings no types. */
export interface XClient extends EventEmitter {
  InternAtom(onlyIfExists: boolean, name: string, done: Done<number>): void;
  GetProperty(
    remove: 0,
    window: number,
    name: number,
    type: number,
    offset: number,
    length: number,
    done: Done<{ readonly format: number; readonly data: Buffer }>,
  ): void;
  QueryTree(window: number, done: Done<{ readonly parent: number; readonly children: readonly number[] }>): void;
  GetInputFocus(done: Done<{ readonly focus: number }>): void;
  SetInputFocus(window: number, revertTo: number): void;
  RaiseWindow(window: number): void;
  SendClientMessage(to: number, about: number, type: number, format: 32, data: readonly number[]): void;
  GrabKeyboard(window: number, toOwner: 0 | 1, time: 0, pointer: 1, keyboard: 1, done: Done<number>): void;
  UngrabKeyboard(time: 0): void;
  QueryPointer(window: number, done: Done<{ readonly keyMask: number }>): void;
  QueryKeymap(done: Done<Buffer>): void;
  GetKeyboardMapping(first: number, count: number, done: Done<readonly (readonly number[])[]>): void;
  require<Name extends keyof XExtensions>(name: Name, done: Done<XExtensions[Name]>): void;
  terminate(): void;
}

/** The extensions that we use. */
export interface XExtensions {
  readonly "screen-saver": { QueryInfo(drawable: number, done: Done<{ readonly idle: number }>): void };
  readonly res: {
    readonly ClientIdMask: { readonly LocalClientPID: number };
    QueryVersion(major: number, minor: number, done: Done<unknown>): void;
    QueryClientIds(
      specs: readonly { readonly client: number; readonly mask: number }[],
      done: Done<readonly { readonly value: readonly number[] }[]>,
    ): void;
  };
  readonly xtest: {
    readonly KeyPress: number;
    readonly KeyRelease: number;
    FakeInput(type: number, code: number, time: 0, root: number, x: 0, y: 0): void;
  };
  readonly xkb: {
    UseExtension(major: number, minor: number, done: Done<unknown>): void;
    GetState(device: number, done: Done<{ readonly lockedMods: number; readonly lockedGroup: number }>): void;
    LatchLockState(
      device: number,
      affectedModLocks: number,
      modLocks: number,
      locksGroup: boolean,
      group: number,
      affectedModLatches: 0,
      modLatches: 0,
      latchesGroup: false,
      groupLatch: 0,
    ): void;
  };
}

/** A display and the way to ask it. */
export interface XConnection {
  readonly client: XClient;
  readonly root: number;
  readonly keycodes: { readonly first: number; readonly count: number };
  /** Sends a request and waits for its reply; rejects with the server's error, or when the connection is lost. */
  ask<Reply>(send: (done: Done<Reply>) => void): Promise<Reply>;
}

interface XDisplay {
  readonly client: XClient;
  readonly screen: readonly { readonly root: number }[];
  readonly min_keycode: number;
  readonly max_keycode: number;
}

interface X11Module {
  createClient(options: { readonly display: string }, done: (error: Error | null, display: XDisplay) => void): XClient;
}

/** A display's port is 6000 and its number. */
const HIGHEST_DISPLAY = 65_535 - 6_000;
const PATIENCE_MS = 5_000;

/**
 * Connects to a display such as `:0`.
 *
 * @throws where nobody answers there in time, or refuses
 */
export async function connectToX(display: string): Promise<XConnection> {
  // The package throws a port that is none where nobody can catch it.
  if (Number(/:(\d+)/.exec(display)?.[1]) > HIGHEST_DISPLAY) throw new Error("there is no such display");
  const { default: x11 } = (await import("x11" as string)) as { readonly default: X11Module };
  const connected = await new Promise<XDisplay>((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error("the display does not answer")), PATIENCE_MS).unref();
    const client = x11.createClient({ display }, (error, answer) => {
      clearTimeout(patience);
      if (error) reject(error);
      else resolve(answer);
    });
    // Refusals of requests without a reply, and a lost connection: whoever asks next hears of it.
    client.on("error", reject);
  });
  const { client } = connected;
  const root = connected.screen[0]?.root;
  if (root === undefined) throw new Error("the display has no screen");
  let lost: Error | null = null;
  const waiting = new Set<(error: Error) => void>();
  client.on("end", () => {
    lost = new Error("the display is gone");
    for (const reject of waiting) reject(lost);
  });
  return {
    client,
    root,
    keycodes: { first: connected.min_keycode, count: connected.max_keycode - connected.min_keycode + 1 },
    ask: (send) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(lost);
        waiting.add(reject);
        send((error, reply) => {
          waiting.delete(reject);
          if (error) reject(error);
          else resolve(reply);
          return true;
        });
      }),
  };
}
