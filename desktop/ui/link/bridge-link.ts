import type { ActionResult, BridgeMessage, DesktopAction } from "../../wire/protocol.ts";
import type { DesktopState } from "../../wire/state.ts";
import type { Transport, TransportStatus } from "./transport.ts";

/*
 * The window's side of wire/protocol.ts over either transport. Each ask is answered exactly once: by the bridge, or with
 * `bridge_gone` when the way to it is closed before the answer came. Numbers begin at a random place, because in
 * Neutralino every window hears every answer.
 */

/** Whom the link tells what it heard. */
export interface LinkListener {
  readonly onState: (state: DesktopState) => void;
  readonly onStatus: (status: TransportStatus) => void;
}

const BRIDGE_GONE: ActionResult = { ok: false, code: "bridge_gone", details: {} };

/** Asks the bridge, hears its state. */
export class BridgeLink {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, (result: ActionResult) => void>();
  #number = Math.floor(Math.random() * 1e9);
  #listener: LinkListener | null = null;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  start(listener: LinkListener): void {
    this.#listener = listener;
    this.#transport.start({
      onMessage: (message) => this.#hear(message),
      onStatus: (status) => this.#follow(status),
    });
  }

  /** Resolves with the bridge's answer; never rejects. */
  ask(action: DesktopAction): Promise<ActionResult> {
    const number = ++this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      if (!this.#transport.send({ type: "ask", number, action })) this.#answer(number, BRIDGE_GONE);
    });
  }

  openLink(url: string): boolean {
    return this.#transport.openLink(url);
  }

  saveText(name: string, text: string): Promise<string | null> {
    return this.#transport.saveText(name, text);
  }

  retryNow(): void {
    this.#transport.retryNow();
  }

  #hear(message: BridgeMessage): void {
    switch (message.type) {
      case "state":
        this.#listener?.onState(message.state);
        break;
      case "answer":
        this.#answer(message.number, message.result);
        break;
      default:
        message satisfies never;
    }
  }

  #follow(status: TransportStatus): void {
    this.#listener?.onStatus(status);
    // The state that was shown is old by now; asking for it also says that somebody looks.
    if (status.kind === "open") void this.ask({ kind: "refresh" });
    else for (const number of [...this.#waiting.keys()]) this.#answer(number, BRIDGE_GONE);
  }

  #answer(number: number, result: ActionResult): void {
    this.#waiting.get(number)?.(result);
    this.#waiting.delete(number);
  }
}
