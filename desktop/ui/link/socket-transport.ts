import type { AskMessage, BridgeMessage } from "../../wire/protocol.ts";
import { retryPauseMs, type Transport, type TransportListener } from "./transport.ts";

/** What the bridge closes a socket with whose token it does not take. */
const POLICY_VIOLATION = 1008;

/** The way to a bridge that serves this page: a WebSocket that is opened again whenever it closes. */
export class SocketTransport implements Transport {
  readonly kind = "socket";
  readonly #url: string;
  readonly #token: string;
  #listener: TransportListener | null = null;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `url` is the socket's address (ws:); `token` goes along as a subprotocol, where no log keeps it. */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  start(listener: TransportListener): void {
    this.#listener = listener;
    this.#connect();
  }

  send(message: AskMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  openLink(): boolean {
    return false;
  }

  async saveText(): Promise<null> {
    return null;
  }

  retryNow(): void {
    if (this.#socket !== null) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #connect(): void {
    this.#listener?.onStatus({ kind: "connecting" });
    const socket = new WebSocket(this.#url, [`mgm.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#attempt = 0;
      this.#listener?.onStatus({ kind: "open" });
    });
    socket.addEventListener("message", ({ data }) => {
      this.#listener?.onMessage(JSON.parse(String(data)) as BridgeMessage);
    });
    socket.addEventListener("close", ({ code }) => this.#lose(code));
  }

  #lose(code: number): void {
    this.#socket = null;
    if (code === POLICY_VIOLATION) {
      this.#listener?.onStatus({ kind: "closed", why: "refused" });
      return;
    }
    const pauseMs = retryPauseMs(this.#attempt++);
    this.#listener?.onStatus({ kind: "lost", retryAt: Date.now() + pauseMs });
    this.#timer = setTimeout(() => this.#connect(), pauseMs);
  }
}
