import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import packageJson from "../../package.json" with { type: "json" };
import { type NeutralinoConfig, type NeutralinoHost, startNeutralino } from "../../test/neutralino-host.ts";
import { buildWindow, openWindow, startBrowser } from "../../test/window-browser.ts";
import { EXTENSION_ID } from "../../wire/window-link.ts";
import { SECURITY_HEADERS } from "../serve/request-guard.ts";

/* The real page with Neutralino's real library, and the real bridge as its extension, around a double of the core. */

const DESKTOP = join(import.meta.dirname, "../..");

let resources: string;
let browser: Browser;
let config: NeutralinoConfig;
beforeAll(async () => {
  resources = await buildWindow();
  browser = await startBrowser();
  config = JSON.parse(await readFile(join(DESKTOP, "neutralino.config.json"), "utf8"));
});
afterAll(async () => {
  await browser?.close();
  await rm(resources, { recursive: true });
});

let appPath: string;
let host: NeutralinoHost;
let page: Page;
let hosts: NeutralinoHost[];
beforeEach(async () => {
  // An apostrophe and a space are what installation paths have; Neutralino itself fails at the apostrophe.
  appPath = await mkdtemp(join(tmpdir(), "mgm app "));
  await installBridge(appPath);
  hosts = [];
  host = await startHost();
  ({ page } = await openWindow(browser, host.url));
});
afterEach(async () => {
  await page.context().close();
  for (const one of hosts) await one.kill().catch(() => undefined);
  await Promise.all(hosts.flatMap(({ started }) => started.map(ended)));
  await rm(appPath, { recursive: true });
});

async function startHost(port = 0): Promise<NeutralinoHost> {
  const one = await startNeutralino({ config, resources, appPath, port });
  hosts.push(one);
  return one;
}

/** Puts a bridge where the configuration expects it; its data lie beside it. */
async function installBridge(path: string): Promise<void> {
  const folder = join(path, "extensions/bridge");
  await mkdir(folder, { recursive: true });
  const tsx = join(DESKTOP, "../node_modules/tsx/dist/loader.mjs");
  const program = `exec "${process.execPath}" --import "${tsx}" "${join(DESKTOP, "bridge/main.ts")}" --data-dir "${path}/data" "$@"`;
  await writeFile(join(folder, "gold-o-matic-bridge"), `#!/bin/sh\n${program}\n`);
  await chmod(join(folder, "gold-o-matic-bridge"), 0o755);
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

const setUp = () => page.getByRole("heading", { name: /Set-up|Настройка/ }).waitFor();
const choose = (language: string) => page.getByRole("combobox").first().selectOption(language);
/** Whether an ask arrives at the bridge and its state at the page. */
async function expectWorking(): Promise<void> {
  await choose("ru");
  await page.getByRole("heading", { name: "Настройка" }).waitFor();
  await choose("en");
  await page.getByRole("heading", { name: "Set-up" }).waitFor();
}

describe("the desktop inside Neutralino", () => {
  it("shows the bridge's state and passes on what is asked, also after the page was loaded anew", async () => {
    await setUp();
    await expectWorking();
    await page.reload();
    await setUp();
    await expectWorking();
    expect(host.started.length).toBe(1);
  });

  it("gives the token to the window only, and to nobody who comes later", async () => {
    await setUp();
    expect(await (await fetch(`${host.url}__neutralino_globals.js`)).text()).toContain('NL_TOKEN="";');
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}?extensionId=${EXTENSION_ID}&connectToken=guessed`);
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("400");
  });

  it("lets the window do what it needs and nothing else", async () => {
    await setUp();
    const token = await page.evaluate<string>("sessionStorage.getItem('NL_TOKEN')");
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}?connectToken=${token.split(".")[1]}`);
    await once(socket, "open");
    const codeOf = async (method: string) => {
      socket.send(JSON.stringify({ id: method, method, accessToken: token, data: {} }));
      for (;;) {
        const [frame] = await once(socket, "message");
        const { id, data } = JSON.parse(frame.toString());
        if (id === method) return data.error?.code ?? null;
      }
    };
    expect([
      await codeOf("os.execCommand"),
      await codeOf("filesystem.readFile"),
      await codeOf("extensions.getStats"),
    ]).toEqual(["NE_RT_NATPRME", "NE_RT_NATPRME", null]);
    socket.close();
    expect("nativeBlockList" in config).toBe(false);
  });

  it("says when its bridge died, and starts another one", async () => {
    await setUp();
    host.started[0]?.kill("SIGKILL");
    await page.getByText("The bridge does not answer").first().waitFor();
    await expect.poll(() => host.started.length, { timeout: 20_000 }).toBe(2);
    await page.getByText("The bridge does not answer").first().waitFor({ state: "hidden" });
    await expectWorking();
  });

  it("leaves no bridge behind when the core dies, and comes back with the next one", async () => {
    await setUp();
    const { port } = host;
    await host.kill();
    await page.getByText("The program has ended").waitFor();
    expect(await ended(host.started[0] as ChildProcess)).toBe(0);
    host = await startHost(port);
    // Its first globals are the new page's.
    await setUp();
    await expectWorking();
  });

  it("says in a second window that the first one is at work", async () => {
    await setUp();
    const second = await startHost();
    const other = await openWindow(browser, second.url);
    await other.page.getByText("runs already in another window").waitFor();
    await other.page.context().close();
    await expectWorking();
  });

  it("writes the event log where the streamer finds it", async () => {
    await setUp();
    await page.getByRole("button", { name: "Finish later" }).click();
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByText("Saved as").waitFor();
    expect((await readdir(appPath)).filter((name) => name.endsWith(".txt")).length).toBe(1);
  });
});

describe("the bridge as an extension", () => {
  it("ends when whoever started it is no Neutralino", async () => {
    const child = spawn(join(appPath, "extensions/bridge/gold-o-matic-bridge"), ["--neutralino"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.stdin.end("{}");
    expect(await ended(child)).toBe(1);
  });
});

describe("neutralino.config.json", () => {
  it("has the program's version and the policy of the window everywhere else", () => {
    expect([config.version, config.serverHeaders]).toEqual([packageJson.version, SECURITY_HEADERS]);
  });
});
