import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { SECURITY_HEADERS } from "../bridge/serve/request-guard.ts";
import type { ActionResult, AskMessage, BridgeMessage, DesktopAction } from "../wire/protocol.ts";
import type { DesktopState } from "../wire/state.ts";

/** What a bridge with a script says and hears: for windows in states that a real one reaches rarely. */
export interface WindowHost {
  /** The page's address, its token included. */
  readonly url: string;
  /** What the window asked for, `refresh` left out. */
  readonly asked: DesktopAction[];
  /** What is answered from now on; without it everything succeeds. */
  answer: (action: DesktopAction) => ActionResult | Promise<ActionResult>;
  /** Tells every window this state. */
  show(state: DesktopState): void;
  /** Breaks the way to every window, as a killed bridge does; `restore` listens again. */
  drop(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const TOKEN = "a-token-of-the-test";
const DONE: ActionResult = { ok: true, data: null };

/** Serves the built window in `folder`, and speaks wire/protocol.ts with it. */
export async function hostWindow(folder: string, first: DesktopState): Promise<WindowHost> {
  const sockets = new Set<WebSocket>();
  let state = first;
  let port = 0;
  let server = await listen(0);
  port = (server.address() as AddressInfo).port;

  async function listen(wanted: number) {
    const http = createServer((request, response) => void serve(folder, request, response));
    const ws = new WebSocketServer({ server: http, path: "/ws", handleProtocols: ([first]) => first ?? false });
    ws.on("connection", (socket: WebSocket) => accept(socket));
    await new Promise<void>((resolve) => http.listen(wanted, "127.0.0.1", resolve));
    return http;
  }

  function accept(socket: WebSocket): void {
    if (socket.protocol !== `mgm.${TOKEN}`) {
      socket.close(1008);
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data) => void take(socket, JSON.parse(String(data)) as AskMessage));
    tell(socket, { type: "state", state });
  }

  async function take(socket: WebSocket, { number, action }: AskMessage): Promise<void> {
    if (action.kind !== "refresh") host.asked.push(action);
    tell(socket, { type: "answer", number, result: await host.answer(action) });
  }

  const stop = async () => {
    for (const socket of sockets) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const host: WindowHost = {
    url: `http://127.0.0.1:${port}/#token=${TOKEN}`,
    asked: [],
    answer: () => DONE,
    show(next) {
      state = next;
      for (const socket of sockets) tell(socket, { type: "state", state });
    },
    drop: stop,
    async restore() {
      if (!server.listening) server = await listen(port);
    },
    close: stop,
  };
  return host;
}

function tell(socket: WebSocket, message: BridgeMessage): void {
  socket.send(JSON.stringify(message));
}

async function serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  const path = normalize(pathname === "/" ? "/index.html" : pathname);
  try {
    const body = await readFile(join(folder, path));
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { ...SECURITY_HEADERS, "Content-Type": type }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}
