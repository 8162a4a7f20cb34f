import type { GameProcess, TypingFault } from "../../commands/input.ts";
import { isGameUnderX } from "../game-window.ts";
import type { FoundWindow, WindowSystem } from "../window-system.ts";
import { ProcessStarts } from "./process-start.ts";
import type { XConnection, XExtensions } from "./x-connection.external.ts";

/** How deep windows are looked for where no window manager lists them: its frame, and what is in it. */
const DEEPEST = 3;
const ANY_TYPE = 0;
const LONGEST_PROPERTY = 1_024;
const NO_WINDOW_BELOW = 2;
const REVERT_TO_PARENT = 2;
const ALREADY_GRABBED = 1;
/** To the window manager: as a pager, on the person's behalf. */
const FROM_PAGER = 2;
/** Shift, Control, Alt, Super and the five buttons; not the locks. */
const HELD_MASK = 0x01 | 0x04 | 0x08 | 0x40 | 0x1f00;

/** The windows of an X server; a Wine player's game among them. */
export class X11Windows implements WindowSystem {
  readonly #x: XConnection;
  readonly #screenSaver: XExtensions["screen-saver"];
  readonly #resources: XExtensions["res"] | null;
  readonly #starts = new ProcessStarts();
  /** A window that had the focus last, and that it is inside the game's. */
  #known: { readonly focus: number; readonly handle: number } | null = null;

  private constructor(x: XConnection, extensions: Extensions) {
    this.#x = x;
    this.#screenSaver = extensions.screenSaver;
    this.#resources = extensions.resources;
  }

  /**
   * Looks for what it needs of the server.
   *
   * @throws where the server cannot tell how long nobody touched anything
   */
  static async of(x: XConnection): Promise<X11Windows> {
    const screenSaver = await x.ask<XExtensions["screen-saver"]>((done) => x.client.require("screen-saver", done));
    const resources = await x.ask<XExtensions["res"]>((done) => x.client.require("res", done)).catch(() => null);
    if (resources !== null) await x.ask((done) => resources.QueryVersion(1, 2, done));
    return new X11Windows(x, { screenSaver, resources });
  }

  async findGameWindows(): Promise<readonly FoundWindow[]> {
    const found: FoundWindow[] = [];
    for (const handle of await this.#programWindows()) {
      // A window may go while it is asked.
      const window = await this.#describe(handle).catch(() => null);
      if (window !== null) found.push(window);
    }
    return found.sort((one, other) => one.handle - other.handle);
  }

  async findProcess({ processId }: FoundWindow): Promise<GameProcess | null> {
    const startedAt = await this.#starts.startedAt(processId);
    return startedAt === null ? null : { processId, startedAt };
  }

  async foreground(): Promise<number | null> {
    const [active] = await this.#numbers(this.#x.root, "_NET_ACTIVE_WINDOW");
    if (active !== undefined && active !== 0) return active;
    const focus = await this.#focus();
    return focus < NO_WINDOW_BELOW || focus === this.#x.root ? null : focus;
  }

  async isForeground(handle: number): Promise<boolean> {
    const focus = await this.#focus();
    if (this.#known?.focus === focus && this.#known.handle === handle) return true;
    for (
      let window = focus;
      window >= NO_WINDOW_BELOW && window !== this.#x.root;
      window = await this.#parent(window)
    ) {
      if (window !== handle) continue;
      this.#known = { focus, handle };
      return true;
    }
    return false;
  }

  async bringToFront(handle: number): Promise<void> {
    const { client, root } = this.#x;
    const supported = await this.#numbers(root, "_NET_SUPPORTED");
    const activate = await this.#atom("_NET_ACTIVE_WINDOW");
    if (supported.includes(activate)) {
      client.SendClientMessage(root, handle, activate, 32, [FROM_PAGER, 0, 0, 0, 0]);
    } else {
      client.RaiseWindow(handle);
      client.SetInputFocus(handle, REVERT_TO_PARENT);
    }
    await this.#focus();
  }

  async typingObstacle(): Promise<TypingFault | null> {
    const { client, root } = this.#x;
    // Who holds the keyboard gets all keys, whatever has the focus: the lock screen, into its password.
    const status = await this.#x.ask<number>((done) => client.GrabKeyboard(root, 1, 0, 1, 1, done));
    client.UngrabKeyboard(0);
    return status === ALREADY_GRABBED ? "not_permitted" : null;
  }

  async idleMs(): Promise<number> {
    const info = await this.#x.ask<{ readonly idle: number }>((done) =>
      this.#screenSaver.QueryInfo(this.#x.root, done),
    );
    return info.idle;
  }

  async isAnythingHeld(): Promise<boolean> {
    const { client, root } = this.#x;
    const pointer = await this.#x.ask<{ readonly keyMask: number }>((done) => client.QueryPointer(root, done));
    if ((pointer.keyMask & HELD_MASK) !== 0) return true;
    const keys = await this.#x.ask<Buffer>((done) => client.QueryKeymap(done));
    return keys.some((eightKeys) => eightKeys !== 0);
  }

  async close(): Promise<void> {
    this.#x.client.terminate();
  }

  async #describe(handle: number): Promise<FoundWindow | null> {
    const classes = (await this.#text(handle, "WM_CLASS")).split("\0").filter((name) => name !== "");
    if (classes.length === 0) return null;
    const title = (await this.#text(handle, "_NET_WM_NAME")) || (await this.#text(handle, "WM_NAME"));
    if (!isGameUnderX({ classes, title })) return null;
    const processId = await this.#processId(handle);
    return { id: `${processId}:${handle.toString(16)}`, handle, title, processId };
  }

  /** As the server sees the process; what the window says of itself is a number inside its sandbox, if it is in one. */
  async #processId(handle: number): Promise<number> {
    const resources = this.#resources;
    if (resources !== null) {
      const mask = resources.ClientIdMask.LocalClientPID;
      const ids = await this.#x.ask<readonly { readonly value: readonly number[] }[]>((done) =>
        resources.QueryClientIds([{ client: handle, mask }], done),
      );
      const id = ids[0]?.value[0];
      if (id !== undefined && id > 0) return id;
    }
    return (await this.#numbers(handle, "_NET_WM_PID"))[0] ?? 0;
  }

  async #programWindows(): Promise<readonly number[]> {
    const listed = await this.#numbers(this.#x.root, "_NET_CLIENT_LIST");
    return listed.length > 0 ? listed : this.#below(this.#x.root, DEEPEST);
  }

  async #below(window: number, depth: number): Promise<readonly number[]> {
    const { client } = this.#x;
    const tree = await this.#x
      .ask<{ readonly children: readonly number[] }>((done) => client.QueryTree(window, done))
      .catch(() => ({ children: [] }));
    if (depth === 1) return tree.children;
    const deeper = await Promise.all(tree.children.map((child) => this.#below(child, depth - 1)));
    return [...tree.children, ...deeper.flat()];
  }

  async #parent(window: number): Promise<number> {
    const { client } = this.#x;
    const { parent } = await this.#x.ask<{ readonly parent: number }>((done) => client.QueryTree(window, done));
    return parent;
  }

  async #focus(): Promise<number> {
    const { client } = this.#x;
    const { focus } = await this.#x.ask<{ readonly focus: number }>((done) => client.GetInputFocus(done));
    return focus;
  }

  async #numbers(window: number, name: string): Promise<readonly number[]> {
    const { format, data } = await this.#property(window, name);
    if (format !== 32) return [];
    return Array.from({ length: data.length / 4 }, (_, index) => data.readUInt32LE(4 * index));
  }

  async #text(window: number, name: string): Promise<string> {
    const { data } = await this.#property(window, name);
    return data.toString("utf8");
  }

  async #property(window: number, name: string): Promise<{ readonly format: number; readonly data: Buffer }> {
    const { client } = this.#x;
    const atom = await this.#atom(name);
    return this.#x.ask((done) => client.GetProperty(0, window, atom, ANY_TYPE, 0, LONGEST_PROPERTY, done));
  }

  #atom(name: string): Promise<number> {
    const { client } = this.#x;
    return this.#x.ask((done) => client.InternAtom(false, name, done));
  }
}

interface Extensions {
  readonly screenSaver: XExtensions["screen-saver"];
  readonly resources: XExtensions["res"] | null;
}
