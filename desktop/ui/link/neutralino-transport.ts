import { app, events, extensions, filesystem, init, os } from "@neutralinojs/lib";
import type { AskMessage, BridgeMessage } from "../../wire/protocol.ts";
import { ASK_EVENT, BRIDGE_EVENT, EXTENSION_ID, IN_USE_EVENT } from "../../wire/window-link.ts";
import { spawnBridge } from "./spawn-bridge.ts";
import { retryPauseMs, type Transport, type TransportListener } from "./transport.ts";

/*
 * The way to a bridge that Neutralino started as its extension.
 *
 *   connecting ──the extension connects──► open ──it disconnects──► lost ──pause──► connecting (a new bridge is started)
 *        └──── not there in time ───────────────────────────────────►┘
 *   any ──the core's socket closes──► closed: this page's library never connects again, so the page is loaded anew
 *
 * Neutralino never starts a dead extension again, so the window does. A bridge that was given up as dead but was only slow
 * is no harm: a second one finds the data folder locked and ends.
 *
 * Asks go by `extensions.broadcast`, not by `extensions.dispatch`: the library keeps a dispatch to an absent extension and
 * delivers it whenever one connects, and a click must not act minutes after it. Ours is the only extension there is.
 */

/** How long a bridge may take from its start until it connects. A warm one takes 0.1 s, one behind a virus scanner seconds. */
const START_MS = 15_000;

/** A bridge that lived for so long was sound: the pauses begin anew. */
const SOUND_MS = 60_000;

const RELOAD_PAUSE_MS = 2_000;

/** Asks through Neutralino's extension events. */
export class NeutralinoTransport implements Transport {
  readonly kind = "neutralino";
  #listener: TransportListener | null = null;
  #openedAt: number | null = null;
  #isClosed = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  start(listener: TransportListener): void {
    this.#listener = listener;
    listener.onStatus({ kind: "connecting" });
    this.#listen();
    init();
  }

  send(message: AskMessage): boolean {
    if (this.#openedAt === null) return false;
    extensions.broadcast(ASK_EVENT, message).catch(() => this.#lose());
    return true;
  }

  openLink(url: string): boolean {
    if (new URL(url).protocol === "https:") void os.open(url);
    return true;
  }

  async saveText(name: string, text: string): Promise<string> {
    // A web view offers no downloads.
    const path = `${await os.getPath("downloads")}/${name}`;
    await filesystem.writeFile(path, text);
    return path;
  }

  retryNow(): void {
    if (this.#openedAt !== null || this.#isClosed) return;
    clearTimeout(this.#timer);
    void this.#startBridge();
  }

  #listen(): void {
    // The library tells `extensionReady` for those connected already, and for each that connects later.
    void events.on("extensionReady", ({ detail }: CustomEvent) => detail === EXTENSION_ID && this.#open());
    void events.on("extClientDisconnect", ({ detail }: CustomEvent) => detail === EXTENSION_ID && this.#lose());
    void events.on(BRIDGE_EVENT, ({ detail }: CustomEvent) => this.#listener?.onMessage(detail as BridgeMessage));
    void events.on(IN_USE_EVENT, () => this.#yield());
    void events.on("serverOffline", () => this.#close());
    void events.on("ready", () => this.#awaitBridge());
  }

  #open(): void {
    clearTimeout(this.#timer);
    this.#openedAt = Date.now();
    this.#listener?.onStatus({ kind: "open" });
  }

  #awaitBridge(): void {
    if (this.#openedAt !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lose(), START_MS);
  }

  #lose(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    if (this.#openedAt !== null && Date.now() - this.#openedAt >= SOUND_MS) this.#attempt = 0;
    this.#openedAt = null;
    const pauseMs = retryPauseMs(this.#attempt++);
    this.#listener?.onStatus({ kind: "lost", retryAt: Date.now() + pauseMs });
    this.#timer = setTimeout(() => void this.#startBridge(), pauseMs);
  }

  async #startBridge(): Promise<void> {
    this.#listener?.onStatus({ kind: "connecting" });
    try {
      await spawnBridge(await app.getConfig());
      this.#awaitBridge();
    } catch {
      this.#lose();
    }
  }

  /** Another app of ours works on the same data folder: this one has nothing to do. */
  #yield(): void {
    // One of our own that hangs and has not let go yet: it is tried again.
    if (this.#attempt > 0) {
      this.#lose();
      return;
    }
    clearTimeout(this.#timer);
    this.#openedAt = null;
    this.#isClosed = true;
    this.#listener?.onStatus({ kind: "closed", why: "in_use" });
  }

  #close(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#openedAt = null;
    this.#isClosed = true;
    this.#listener?.onStatus({ kind: "closed", why: "host_gone" });
    this.#timer = setTimeout(() => void this.#reloadWhenBack(), RELOAD_PAUSE_MS);
  }

  /** A socket can break under a core that lives on; then a fresh page connects again. */
  async #reloadWhenBack(): Promise<void> {
    const isBack = await fetch(location.href, { method: "HEAD" }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isBack) location.reload();
    else this.#timer = setTimeout(() => void this.#reloadWhenBack(), RELOAD_PAUSE_MS);
  }
}
