import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Desktop } from "../desktop.ts";
import { isForUs, isFromUs, SECURITY_HEADERS } from "./request-guard.ts";
import { windowFiles } from "./window-files.ts";
import { type WindowSockets, windowSockets } from "./window-sockets.ts";

/*
 * The desktop without Neutralino: the window's files and one WebSocket, for browsers of this machine. The files are no
 * secret, everything else is behind the token, which the page finds in its own address.
 */

const ADDRESS = "127.0.0.1";
const SOCKET_PATH = "/ws";
const REQUEST_MS = 5_000;
const LOOK_MS = 1_000;

/** What a window server is made of. */
export interface WindowServerOptions {
  readonly desktop: Desktop;
  readonly token: string;
  /** The built window. */
  readonly folder: string;
  /** 0: any free one. */
  readonly port: number;
}

/** A server that runs. */
export interface WindowServer {
  readonly port: number;
  /** The window's address, its token included: to be shown to nobody but this machine's user. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it. Rejects with the system's error when the port cannot be had. */
export async function startWindowServer({ desktop, token, folder, port }: WindowServerOptions): Promise<WindowServer> {
  const files = windowFiles(folder);
  const sockets = windowSockets(desktop, token);
  const server = createServer({
    requestTimeout: REQUEST_MS,
    headersTimeout: REQUEST_MS,
    connectionsCheckingInterval: LOOK_MS,
    maxHeaderSize: 16_384,
  });
  server.on("request", (request, response) => answer(request, response, portOf(server), files));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(request, socket, head, portOf(server), sockets);
  });
  server.listen(port, ADDRESS);
  await once(server, "listening");
  const url = `http://${ADDRESS}:${portOf(server)}/#token=${token}`;
  return {
    port: portOf(server),
    url,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  files: ReturnType<typeof windowFiles>,
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (!isForUs(request, port)) {
    refuse(response, 421);
    return;
  }
  if (!isFromUs(request, port, true)) {
    refuse(response, 403);
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    refuse(response, 405);
    return;
  }
  files(request, response);
}

/** Nothing here takes a body: whoever sends one is not listened to. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { Connection: "close", ...(status === 405 ? { Allow: "GET, HEAD" } : {}) });
  response.end();
}

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, port: number, sockets: WindowSockets): void {
  socket.on("error", () => socket.destroy());
  const isAllowed = isForUs(request, port) && isFromUs(request, port, false);
  if (isAllowed && request.url?.split("?")[0] === SOCKET_PATH) {
    sockets.upgrade(request, socket, head);
    return;
  }
  socket.end(
    `HTTP/1.1 ${isAllowed ? "404 Not Found" : "403 Forbidden"}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
