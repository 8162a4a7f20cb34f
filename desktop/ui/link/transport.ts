import type { AskMessage, BridgeMessage } from "../../wire/protocol.ts";

/** How the way to the bridge stands. `closed` is for good: the page must be opened anew. */
export type TransportStatus =
  | { readonly kind: "connecting" }
  | { readonly kind: "open" }
  /** Lost; tried again at `retryAt` (Unix milliseconds). */
  | { readonly kind: "lost"; readonly retryAt: number }
  | { readonly kind: "closed"; readonly why: "refused" | "host_gone" | "in_use" | "no_bridge" };

/** Whom a transport tells what happens. */
export interface TransportListener {
  readonly onMessage: (message: BridgeMessage) => void;
  readonly onStatus: (status: TransportStatus) => void;
}

/** A way to the bridge. */
export interface Transport {
  readonly kind: "socket" | "neutralino";
  start(listener: TransportListener): void;
  /** False when there is no way now: nothing waits to be sent later, because a click must not act minutes after it. */
  send(message: AskMessage): boolean;
  /** Opens an address outside of the window; false: the browser that shows the window does that by itself. */
  openLink(url: string): boolean;
  /** Writes a text file where the streamer finds it, and tells where; null: left to the browser. Rejects when it cannot. */
  saveText(name: string, text: string): Promise<string | null>;
  /** Tries at once instead of at `retryAt`. */
  retryNow(): void;
}

/** The pause before the attempt of that number (from 0): it doubles from half a second to half a minute. */
export function retryPauseMs(attempt: number): number {
  return Math.min(500 * 2 ** attempt, 30_000);
}
