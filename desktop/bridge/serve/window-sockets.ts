import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { BridgeMessage } from "../../wire/protocol.ts";
import type { Desktop } from "../desktop.ts";
import { attachWindow } from "../window-link.ts";
import { isSameToken } from "./window-token.ts";

/*
 * Windows over WebSockets. Each is a conversation of its own; a window that does not keep up, or does not answer a ping, is
 * dropped, and connects again when it can.
 */

const PROTOCOL = /^mgm\.(.*)$/;
const LONGEST_FRAME_BYTES = 65_536;
const MOST_WINDOWS = 16;
const MOST_UNSENT_BYTES = 8 * 1_048_576;
const PING_MS = 30_000;
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** The windows of a desktop. */
export interface WindowSockets {
  /** Takes over a connection whose host and origin are ours. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Opens them. */
export function windowSockets(desktop: Desktop, token: string): WindowSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_FRAME_BYTES,
    perMessageDeflate: false,
    // A browser closes a socket that is not given one of the protocols that it named; the token decides afterwards.
    handleProtocols: (protocols) => [...protocols].find((one) => PROTOCOL.test(one)) ?? false,
  });
  const alive = new WeakSet<WebSocket>();
  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);

  const converse = (socket: WebSocket): void => {
    const [, given = ""] = PROTOCOL.exec(socket.protocol) ?? [];
    if (!isSameToken(given, token)) {
      socket.close(POLICY_VIOLATION);
      return;
    }
    if (server.clients.size > MOST_WINDOWS) {
      socket.close(TRY_AGAIN_LATER);
      return;
    }
    const link = attachWindow(desktop, (message) => sendOrDrop(socket, message));
    socket.on("message", (data, isBinary) => {
      if (!isBinary) link.receive(data.toString());
    });
    socket.on("close", () => link.detach());
  };

  server.on("connection", (socket) => {
    alive.add(socket);
    socket.on("pong", () => alive.add(socket));
    // Broken frames and connections end in `close`.
    socket.on("error", () => socket.terminate());
    converse(socket);
  });
  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (opened) => server.emit("connection", opened, request));
    },
    async close() {
      clearInterval(pinging);
      for (const socket of server.clients) socket.close(GOING_AWAY);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate();
      }, 1_000).unref();
      await closed;
    },
  };
}

/** A window that is far behind would fill our memory with states that nobody will see. */
function sendOrDrop(socket: WebSocket, message: BridgeMessage): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MOST_UNSENT_BYTES) socket.terminate();
  else socket.send(JSON.stringify(message));
}
