import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";

/** Builds the window into a folder of its own, and tells which. */
export async function buildWindow(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "mgm-window-"));
  const root = join(import.meta.dirname, "../ui");
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "warn", build: { outDir } });
  return outDir;
}

/** A real Chromium without a screen, as the system has it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
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
