import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";

/** Builds the window into a folder of its own, and tells which. */
export async function buildWindow(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "mgm-window-"));
  const root = join(import.meta.dirname, "../ui");
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "error", build: { outDir } });
  return outDir;
}

/** A real Chromium without a screen, as the system has it. */
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

/** A window at its usual size. `faults` collects what its page reports: errors, and what its policy stopped. */
export async function openWindow(browser: Browser, url: string): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "no-preference" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}
