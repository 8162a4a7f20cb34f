import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";

/*
 * A double of Neutralino's core, for machines that have none: what its page and its extension see of it, one event after
 * the other. A token that is given away once; 400 for whom it does not know; the allow list, unless there is a block list;
 * extensions that are started in a shell, told their handshake, and never looked after again.
 */

/** The part of neutralino.config.json that the double reads. */
export interface NeutralinoConfig {
  readonly version: string;
  readonly applicationId: string;
  readonly tokenSecurity: string;
  readonly serverHeaders: Readonly<Record<string, string>>;
  readonly nativeAllowList?: readonly string[];
  readonly nativeBlockList?: readonly string[];
  readonly extensions: readonly { readonly id: string; readonly commandLinux: string }[];
}

/** A core that runs. */
export interface NeutralinoHost {
  readonly url: string;
  readonly port: number;
  /** Everything that it started, in order: at the start, and at the page's wish. */
  readonly started: readonly ChildProcess[];
  readonly opened: readonly string[];
  /** Ends as a killed core does: sockets break, extensions are left to themselves. */
  kill(): Promise<void>;
}

/** What a core is started with. */
export interface NeutralinoOptions {
  readonly config: NeutralinoConfig;
  /** The built window. */
  readonly resources: string;
  /** What `${NL_PATH}` stands for. */
  readonly appPath: string;
  /** 0: any free one, as ours is configured. */
  readonly port?: number;
}

interface NativeCall {
  readonly id: string;
  readonly method: string;
  readonly accessToken: string;
  readonly data: Readonly<Record<string, string>>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const APP_PATH = /\$\{NL_PATH\}/g;

/** Starts it. */
export async function startNeutralino({
  config,
  resources,
  appPath,
  port = 0,
}: NeutralinoOptions): Promise<NeutralinoHost> {
  const connectToken = randomBytes(16).toString("hex");
  const token = `${randomBytes(16).toString("hex")}.${connectToken}`;
  const apps = new Set<WebSocket>();
  const extensions = new Map<string, WebSocket>();
  const started: ChildProcess[] = [];
  const opened: string[] = [];
  let isTokenSent = false;

  const server = createServer(serve);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 32 * 1_048_576 });
  server.on("upgrade", upgrade);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const actualPort = (server.address() as AddressInfo).port;
  for (const { id, commandLinux } of config.extensions) {
    const child = start(commandLinux.replace(APP_PATH, appPath));
    child.stdin?.end(
      JSON.stringify({ nlPort: String(actualPort), nlToken: token, nlConnectToken: connectToken, nlExtensionId: id }),
    );
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split("?")[0] ?? "/";
    for (const [name, value] of Object.entries(config.serverHeaders)) response.setHeader(name, value);
    if (/(__neutralino_globals|neutralino)\.js$/.test(path)) {
      response.writeHead(200, { "Content-Type": "text/javascript" }).end(globals());
      return;
    }
    try {
      const body = readFileSync(join(resources, path === "/" ? "index.html" : path));
      response.writeHead(200, { "Content-Type": TYPES[extname(path === "/" ? ".html" : path)] ?? "text/html" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }

  function globals(): string {
    const isGiven = !isTokenSent || config.tokenSecurity !== "one-time";
    isTokenSent = true;
    const values = {
      NL_TOKEN: isGiven ? token : "",
      NL_PORT: actualPort,
      NL_ARGS: ["gold-o-matic"],
      NL_EXTENABLED: true,
      NL_CMETHODS: [],
      NL_GINJECTED: false,
      NL_CINJECTED: false,
      NL_APPID: config.applicationId,
      NL_APPVERSION: config.version,
      NL_PATH: appPath,
      NL_OS: "Linux",
      NL_MODE: "browser",
    };
    return Object.entries(values)
      .map(([name, value]) => `var ${name}=${JSON.stringify(value)};`)
      .join("");
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const isLocal = [`127.0.0.1:${actualPort}`, `localhost:${actualPort}`].includes(request.headers.host ?? "");
    const extensionId = searchParams.get("extensionId");
    const isKnown = extensionId === null || config.extensions.some(({ id }) => id === extensionId);
    if (!isLocal || searchParams.get("connectToken") !== connectToken || !isKnown) {
      socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => accept(client, extensionId));
  }

  function accept(client: WebSocket, extensionId: string | null): void {
    if (extensionId === null) apps.add(client);
    else extensions.set(extensionId, client);
    tellAll(extensionId === null ? "appClientConnect" : "extClientConnect", extensionId ?? apps.size);
    client.on("message", (frame) => hear(client, frame.toString()));
    client.on("close", () => {
      // By its id, not by its socket: a second connection of one id takes the first one with it when it closes.
      if (extensionId === null) apps.delete(client);
      else extensions.delete(extensionId);
      tellAll(extensionId === null ? "appClientDisconnect" : "extClientDisconnect", extensionId ?? apps.size);
    });
  }

  function hear(client: WebSocket, frame: string): void {
    const call = JSON.parse(frame) as NativeCall;
    const data = call.accessToken === token ? answer(call) : { error: { code: "NE_RT_INVTOKN", message: "" } };
    client.send(JSON.stringify({ id: call.id, method: call.method, data }));
  }

  function answer(call: NativeCall): object {
    if (!isAllowed(call.method)) return { error: { code: "NE_RT_NATPRME", message: `${call.method} is not allowed` } };
    try {
      return { success: true, returnValue: carryOut(call) };
    } catch (error) {
      return { error: { code: "NE_RT_NATRTER", message: String(error) } };
    }
  }

  /** A block list, even an empty one, switches the allow list off. */
  function isAllowed(method: string): boolean {
    if (config.nativeBlockList !== undefined) return !config.nativeBlockList.includes(method);
    return config.nativeAllowList?.includes(method) ?? true;
  }

  function carryOut({ method, data }: NativeCall): unknown {
    switch (method) {
      case "app.getConfig":
        return config;
      case "app.broadcast":
        return tell(apps, data.event ?? "", data.data);
      case "extensions.broadcast":
        return tell(extensions.values(), data.event ?? "", data.data);
      case "extensions.getStats":
        return { loaded: config.extensions.map(({ id }) => id), connected: [...extensions.keys()] };
      case "os.spawnProcess": {
        const child = start(data.command ?? "");
        return { id: started.indexOf(child), pid: child.pid };
      }
      case "os.updateSpawnedProcess": {
        const stdin = started[Number(data.id)]?.stdin;
        return data.event === "stdInEnd" ? void stdin?.end() : void stdin?.write(data.data);
      }
      case "os.open":
        return opened.push(data.url ?? "");
      case "os.getPath":
        return appPath;
      case "filesystem.writeFile":
        return writeFileSync(data.path ?? "", data.data ?? "");
      default:
        throw new Error(`the double does not know ${method}`);
    }
  }

  function start(command: string): ChildProcess {
    const child = spawn("/bin/sh", ["-c", command], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    started.push(child);
    return child;
  }

  function tell(clients: Iterable<WebSocket>, event: string, data: unknown): void {
    for (const client of clients) client.send(JSON.stringify({ event, data }));
  }

  function tellAll(event: string, data: unknown): void {
    tell(
      [...apps, ...extensions.values()].filter((client) => client.readyState === WebSocket.OPEN),
      event,
      data,
    );
  }

  return {
    url: `http://127.0.0.1:${actualPort}/`,
    port: actualPort,
    started,
    opened,
    async kill() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
