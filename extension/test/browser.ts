import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { contentPolicy } from "@mgm/simulator/twitch/rig/content-policy";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { withApiAddress } from "../build/api-address.ts";

/*
 * The built extension in a real browser, served as Twitch serves it: from a folder of its own, under its content policy,
 * with the helper from Twitch's address.
 */

const HELPER = "https://extension-files.twitch.tv/helper/v1/twitch-ext.min.js";
const FOLDER = "/0123abcd/";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".woff2": "font/woff2",
};
const helper = readFileSync(fileURLToPath(new URL("../../simulator/twitch/rig/helper.js", import.meta.url)), "utf8");

/** The pages of one test file in one browser. */
export interface Stage {
  /** Where the pages are; an API must allow it. */
  readonly origin: string;
  /** Opens a page for an API at this address; `""` leaves the address out. */
  open(name: string, apiUrl: string, options?: OpenOptions): Promise<Opened>;
  stop(): Promise<void>;
}

/** How a page is opened. */
export interface OpenOptions {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: string;
  readonly theme?: "light" | "dark";
  readonly isStill?: boolean;
  /** Without Twitch around it. */
  readonly isBare?: boolean;
  /** Called before the page is loaded: to stop its clock, or to play the API. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** An open page and what went wrong on it. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Violations of the content policy, errors on the console, exceptions. */
  readonly faults: readonly string[];
  /** Says something as Twitch would: see the rig's helper. */
  say(message: Readonly<Record<string, unknown>>): Promise<void>;
  close(): Promise<void>;
}

export const PANEL = { width: 318, height: 496 };

/** Builds the extension once, and starts a browser and a server for it. */
export async function openStage(): Promise<Stage> {
  const folder = await builtPages();
  let apiUrl = "";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://pages");
    const file = normalize(join(folder, pathname.slice(FOLDER.length)));
    try {
      const bytes = readFileSync(file);
      const isPage = extname(file) === ".html";
      response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
      const apiOrigins = apiUrl === "" ? [] : [apiUrl];
      response.setHeader("Content-Security-Policy", contentPolicy({ apiOrigins, framedBy: "'none'" }));
      response.end(isPage ? withApiAddress(bytes.toString("utf8"), apiUrl) : bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await listening(server);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await startBrowser();
  return {
    origin,
    async open(name, api, options = {}) {
      apiUrl = api;
      return await openPage(browser, `${origin}${FOLDER}${name}`, options);
    },
    async stop() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

async function openPage(browser: Browser, address: string, options: OpenOptions): Promise<Opened> {
  const { size = PANEL, language = "en", theme = "light", isStill = false, isBare = false } = options;
  const context = await browser.newContext({
    viewport: size,
    reducedMotion: isStill ? "reduce" : "no-preference",
    deviceScaleFactor: 2,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.route(HELPER, (route) =>
    route.fulfill({
      contentType: "text/javascript",
      body: isBare ? "" : helper,
      headers: { "Cache-Control": "no-store" },
    }),
  );
  await options.prepare?.(page);
  await page.goto(`${address}?language=${language}`);
  const say = (message: Readonly<Record<string, unknown>>): Promise<void> =>
    page.evaluate((said) => window.postMessage(said, "*"), message);
  if (!isBare) await say({ rig: "context", context: { theme, language } });
  return { page, context, faults, say, close: () => context.close() };
}

/** Builds the pages into a folder that the caller removes. */
export async function builtPages(): Promise<string> {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const outDir = join(root, ".build", `test-${randomUUID()}`);
  await build({ root, logLevel: "error", build: { outDir } });
  return outDir;
}

/** A browser without any of its own errands. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
}
