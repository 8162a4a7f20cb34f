import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findAccessibilityFaults } from "../test/find-accessibility-faults.ts";
import { buildWindow, openWindow, startBrowser } from "../test/window-browser.ts";
import { hostWindow, type WindowHost } from "../test/window-host.ts";
import { busyState, calmState, freshState } from "../test/window-state.ts";
import type { DesktopState } from "../wire/state.ts";

/* Everybody can use the window: axe in a real browser, in every state, both languages and both colourings. */

let folder: string;
let browser: Browser;
let host: WindowHost;
beforeAll(async () => {
  folder = await buildWindow();
  browser = await startBrowser();
  host = await hostWindow(folder, calmState());
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
  await rm(folder, { recursive: true });
});

let page: Page;
afterEach(async () => {
  await page.context().close();
  await host.restore();
});

/** A state of the window, and what leads to it on the page. */
const SITUATIONS: readonly (readonly [string, DesktopState, (page: Page) => Promise<unknown>])[] = [
  ["nothing to do", calmState(), async () => undefined],
  ["an evening in full swing", busyState(), (page) => page.locator(".slat.chosen").waitFor()],
  ["rows chosen and a question asked", busyState(), confirmFirst],
  ["the facts behind a pill", busyState(), (page) => page.locator(".pill").nth(4).click()],
  ["the settings", calmState(), (page) => page.locator(".to-settings").click()],
  ["the settings' folder picker", calmState(), pickFolder],
  ["the first set-up", freshState(), async () => undefined],
  ["a set-up that is not at its first step", calmState(), setUpAgain],
];

describe("the window is accessible", () => {
  it.each(SITUATIONS)("%s", async (_, state, lead) => {
    host.answer = ({ kind }) =>
      kind === "list_folder"
        ? { ok: true, data: { kind: "folder", path: "/games", parent: "/", folders: ["/games/wow"] } }
        : { ok: true, data: kind === "test_game_folder" ? FOUND : null };
    host.show(state);
    ({ page } = await openWindow(browser, host.url));
    await page.locator("main").waitFor();
    await lead(page);
    for (const theme of ["light", "dark"] as const) {
      for (const language of ["en", "ru"] as const) {
        host.show({ ...state, settings: { ...state.settings, theme, language } });
        await page.locator(`html[data-theme=${theme}][lang=${language}]`).waitFor({ state: "attached" });
        expect([theme, language, await findAccessibilityFaults(page)]).toEqual([theme, language, []]);
      }
    }
    // Nothing is cut off sideways, also not at 125 % on a small screen.
    await page.setViewportSize({ width: 1024, height: 640 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it("without its bridge", async () => {
    host.show({ ...busyState(), settings: { ...busyState().settings, language: "ru" } });
    ({ page } = await openWindow(browser, host.url));
    await page.locator(".slat.chosen").waitFor();
    await host.drop();
    await page.locator(".link-notice.bad").waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });
});

const FOUND = { kind: "game_folder", hasGame: true, hasAddon: false, logPath: "", hasLog: false } as const;

async function confirmFirst(page: Page): Promise<void> {
  await page.locator("td.choose input").first().check();
  await page.locator(".chosen-bar button").nth(1).click();
  await page.locator("dialog[open]").waitFor();
}

async function pickFolder(page: Page): Promise<void> {
  await page.locator(".to-settings").click();
  await page.locator("button[aria-expanded='false']:visible", { hasText: /Browse|Обзор/ }).click();
  await page.locator(".folder-picker li").waitFor();
}

async function setUpAgain(page: Page): Promise<void> {
  await page.locator(".to-settings").click();
  await page.getByRole("button", { name: /set-up again|заново/ }).click();
  await page.locator(".setup-step").waitFor();
}
