import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openDesktop, TestScreen } from "../../test/running-desktop.ts";
import { until } from "../../test/until.ts";
import type { BridgeMessage } from "../../wire/protocol.ts";
import type { Desktop } from "../desktop.ts";
import { startWindowServer, type WindowServer } from "./window-server.ts";
import { isSameToken, windowToken } from "./window-token.ts";

let folder: string;
let windowFolder: string;
let token: string;
let desktop: Desktop;
let server: WindowServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-serve-"));
  windowFolder = join(folder, "window");
  token = await windowToken(join(folder, "token"));
  desktop = await openDesktop({ dataFolder: join(folder, "data"), screen: new TestScreen(null) });
  server = await startWindowServer({ desktop, token, folder: windowFolder, port: 0 });
});
afterAll(async () => {
  await server.stop();
  await desktop.stop();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** As a browser would ask, with whatever a test wants to be different; the path goes out as it is written. */
async function ask(path: string, changed: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const request = httpRequest({ host: "127.0.0.1", port: server.port, path, ...changed });
  request.end();
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(pieces).toString() };
}

interface Window {
  readonly socket: WebSocket;
  readonly heard: BridgeMessage[];
  readonly closed: Promise<number>;
}

function openWindow(changed: { origin?: string | null; host?: string; protocol?: string; path?: string } = {}): Window {
  const { origin = `http://127.0.0.1:${server.port}`, host, protocol = `mgm.${token}`, path = "/ws" } = changed;
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, [protocol], {
    ...(origin === null ? {} : { origin }),
    ...(host === undefined ? {} : { headers: { Host: host } }),
  });
  const heard: BridgeMessage[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data)) as BridgeMessage));
  const closed = new Promise<number>((resolve) => {
    socket.on("close", resolve);
    socket.on("error", () => undefined);
  });
  return { socket, heard, closed };
}

const answersOf = ({ heard }: Window) => heard.flatMap((one) => (one.type === "answer" ? [one] : []));
const statesOf = ({ heard }: Window) => heard.flatMap((one) => (one.type === "state" ? [one.state] : []));

describe("the files", () => {
  it("are a page that says so while there are none, then what was built", async () => {
    expect((await ask("/")).status).toBe(503);
    await mkdir(join(windowFolder, "assets"), { recursive: true });
    await writeFile(join(windowFolder, "index.html"), "<!doctype html><title>window</title>");
    await writeFile(join(windowFolder, "assets", "main.js"), "export {};");
    const page = await ask("/");
    expect(page).toMatchObject({ status: 200, text: "<!doctype html><title>window</title>" });
    expect(page.headers["content-type"]).toContain("text/html");
    expect((await ask("/assets/main.js")).headers["content-type"]).toContain("javascript");
    expect((await ask("/assets/other.js")).status).toBe(404);
  });

  it("are those of the window only", async () => {
    for (const path of ["/../token", "/..%2ftoken", "/%2e%2e/token", "/assets/../../token", "/..\\token"]) {
      const { status, text } = await ask(path);
      expect([path, status, text.includes(token)]).toEqual([path, 404, false]);
    }
  });

  it("come with what keeps others out of the page", async () => {
    for (const path of ["/", "/nothing", "/assets/main.js"]) {
      const { headers } = await ask(path);
      expect(headers["content-security-policy"]).toContain("connect-src 'self'");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it.each(["attacker.example", "attacker.example:80", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.attacker.example"])(
    "are not for who calls us %j",
    async (host) => {
      const { status, text } = await ask("/", { headers: { Host: host } });
      expect(status).toBe(421);
      expect(text).toBe("");
    },
  );

  it("are not for pages of others, and not to be written", async () => {
    const { port } = server;
    expect((await ask("/", { headers: { Origin: "https://attacker.example" } })).status).toBe(403);
    expect((await ask("/", { headers: { Origin: "null" } })).status).toBe(403);
    expect(
      (await ask("/", { headers: { Origin: `http://localhost:${port}`, Host: `localhost:${port}` } })).status,
    ).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      expect((await ask("/", { method })).status).toBe(405);
    }
  });
});

describe("a window", () => {
  it("is sent the state first, and answers to what it asks", async () => {
    const window = openWindow();
    await until(() => window.heard.length > 0);
    expect(window.heard[0]?.type).toBe("state");
    window.socket.send(JSON.stringify({ type: "ask", number: 7, action: { kind: "refresh" } }));
    window.socket.send(JSON.stringify({ type: "ask", number: 8, action: { kind: "format_disk" } }));
    await until(() => answersOf(window).length === 2);
    expect(answersOf(window).find(({ number }) => number === 7)?.result).toEqual({ ok: true, data: null });
    expect(answersOf(window).find(({ number }) => number === 8)?.result).toMatchObject({ code: "invalid_action" });
    window.socket.close();
    await window.closed;
  });

  it("sees what another one changed", async () => {
    const [one, other] = [openWindow(), openWindow()];
    await until(() => [one, other].every((window) => window.heard.length > 0));
    const action = { kind: "save_settings", settings: { pollSeconds: 77 } };
    one.socket.send(JSON.stringify({ type: "ask", number: 1, action }));
    await until(() => [one, other].every((window) => statesOf(window).at(-1)?.settings.pollSeconds === 77));
    const revisions = statesOf(other).map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    for (const { socket, closed } of [one, other]) {
      socket.close();
      await closed;
    }
  });

  it.each(["mgm.", "mgm.0", `mgm.${"0".repeat(64)}`, "mgm-other"])(
    "with the token %s is shown out",
    async (protocol) => {
      const window = openWindow({ protocol });
      // Without a protocol of ours the client itself gives up.
      expect([1008, 1006]).toContain(await window.closed);
      expect(window.heard).toEqual([]);
    },
  );

  it.each([
    ["another page's", { origin: "https://attacker.example" }],
    ["a page's of another port", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed page's", { origin: "null" }],
    ["a program's", { origin: null }],
    ["one that was led here by a name", { host: "attacker.example" }],
    ["one that knocks elsewhere", { path: "/elsewhere" }],
  ])("is not %s", async (_, changed) => {
    const window = openWindow(changed);
    expect(await window.closed).toBe(1006);
    expect(window.heard).toEqual([]);
  });

  it("that says too much at once is shown out", async () => {
    const window = openWindow();
    await until(() => window.heard.length > 0);
    window.socket.send("x".repeat(70_000));
    expect(await window.closed).toBe(1009);
  });

  it("that does not listen is dropped, and holds up nobody", async () => {
    const deaf = openWindow();
    const other = openWindow();
    await until(() => [deaf, other].every((window) => window.heard.length > 0));
    deaf.socket.pause();
    // Fills what the system buffers, then what we would.
    const filler = "x".repeat(4_000);
    const settings = (round: number) => ({ gameFolder: `/${round}${filler}` });
    for (let round = 0; round < 12_000 && desktop.feed.listeners === 2; round += 1) {
      deaf.socket.send(JSON.stringify({ type: "ask", number: round, action: { kind: "refresh" } }));
      if (round === 0) await desktop.change(settings(round));
      if (round % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => desktop.feed.listeners === 1);
    other.socket.send(JSON.stringify({ type: "ask", number: 1, action: { kind: "refresh" } }));
    await until(() => answersOf(other).length === 1);
    for (const { socket } of [deaf, other]) socket.terminate();
  });
});

it("does not wait for ever for who sends no request", async () => {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET / HTTP/1.1\r\n");
  const [piece] = (await once(socket, "data")) as [Buffer];
  expect(piece.toString()).toContain("408");
  socket.destroy();
});

describe("the token", () => {
  it("is one per data folder, and long", async () => {
    expect(await windowToken(join(folder, "token"))).toBe(token);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const other = await windowToken(join(folder, "another token"));
    expect(other).not.toBe(token);
    expect([isSameToken(token, token), isSameToken(other, token), isSameToken("", token)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("is made anew where the file does not hold one", async () => {
    await writeFile(join(folder, "broken token"), "");
    expect(await windowToken(join(folder, "broken token"))).toMatch(/^[0-9a-f]{64}$/);
  });
});
