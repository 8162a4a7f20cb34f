import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildWindow, openWindow, startBrowser } from "../test/window-browser.ts";
import { hostWindow, type WindowHost } from "../test/window-host.ts";
import { busyState, calmState, gift, NOW, payout, question, uuid } from "../test/window-state.ts";

/* The window in a real Chromium, in states that a bridge with a script tells it. */

const HOUR_MS = 3_600_000;

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await buildWindow();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

let host: WindowHost;
let page: Page;
let faults: string[];
beforeEach(async () => {
  host = await hostWindow(folder, calmState());
  ({ page, faults } = await openWindow(browser, host.url));
});
afterEach(async () => {
  await page.context().close();
  await host.close();
  // A broken expression or a line that the content security policy stopped shows up here.
  expect(faults).toEqual([]);
});

const button = (name: string | RegExp) => page.getByRole("button", { name });
const names = () => page.locator("td.character").allTextContents();
const dialog = () => page.getByRole("dialog");
const shown = (text: string | RegExp) => page.getByText(text).first().waitFor();

describe("Sync", () => {
  it("says why it cannot be pressed, and does nothing then", async () => {
    host.show({ ...calmState(), sync: { count: 0, disabledBy: "no_game" } });
    await shown("the game is not running");
    await button(/^Sync/).click({ force: true });
    await page.keyboard.press("F9");
    expect(host.asked).toEqual([]);
  });

  it("works by key, and tells what came of it", async () => {
    host.show({ ...busyState() });
    await button(/^Sync 2 accepted/).waitFor();
    await page.keyboard.press("F9");
    await shown("2 payouts are in progress now");
    expect(host.asked).toEqual([{ kind: "sync" }]);
  });
});

describe("the queue", () => {
  beforeEach(async () => {
    host.show(busyState());
    await page.getByText("Thrallina").waitFor();
  });

  it("filters, sorts and searches", async () => {
    const all = await names();
    await button("Pending").click();
    expect(await names()).toEqual(["Thrallina", "Ёжик", "Mirabel", "Арктос"]);
    await button("All").click();
    await button("Character").click();
    const sorted = await names();
    expect([sorted.length, sorted[0], sorted]).toEqual([
      all.length,
      "Gearwin",
      all.toSorted(new Intl.Collator("en").compare),
    ]);
    expect(await page.locator("th.character").getAttribute("aria-sort")).toBe("ascending");
    await page.getByRole("searchbox").fill("ёж");
    expect(await names()).toEqual(["Ёжик"]);
    await page.getByRole("searchbox").fill("nobody");
    await button("Show all").click();
    expect((await names()).length).toBe(all.length);
  });

  it("asks before it changes several payouts, leaves out those whose status does not allow it, and shows each result", async () => {
    host.answer = (action) =>
      action.kind === "change_payouts"
        ? {
            ok: true,
            data: {
              kind: "items",
              items: action.ids.map((id, at) => ({
                id,
                ok: at === 0,
                code: at === 0 ? null : "held_by_other_desktop",
              })),
            },
          }
        : { ok: true, data: null };
    await page.getByRole("checkbox", { name: "Choose all" }).check();
    await button("Mark sent").last().click();
    await dialog().getByText("4 chosen payouts stay as they are").waitFor();
    expect(host.asked).toEqual([]);
    await dialog().getByRole("button", { name: "Yes" }).click();
    await dialog().getByText("Another desktop holds it").waitFor();
    expect(await dialog().locator(".result").allTextContents()).toEqual(["done", "Another desktop holds it."]);
    expect(host.asked).toEqual([{ kind: "change_payouts", ids: [uuid(22), uuid(4)], change: "mark_sent" }]);
    await dialog().getByRole("button", { name: "Close" }).click();
    await dialog().waitFor({ state: "hidden" });
  });

  it("changes one payout chosen by a click on its row, and can be left with Escape", async () => {
    await page.getByText("mirabel", { exact: true }).click();
    expect(await page.getByRole("checkbox", { name: "Choose Mirabel" }).isChecked()).toBe(true);
    await button("Cancel payout").click();
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "hidden" });
    expect(host.asked).toEqual([]);
    await button("Cancel payout").click();
    await dialog().getByRole("button", { name: "Yes" }).click();
    await dialog().getByText("done", { exact: true }).waitFor();
    expect(host.asked).toEqual([{ kind: "change_payouts", ids: [uuid(2)], change: "cancel" }]);
  });

  it("marks what has been in progress for too long, and offers the ways out", async () => {
    const waysOut = page.locator(".ways-out").getByRole("button");
    expect(await waysOut.allTextContents()).toEqual(["Mark sent", "Give back", "Mark failed"]);
    await waysOut.nth(1).click();
    await dialog().getByText("Mail may already be on its way").waitFor();
    await dialog().getByRole("button", { name: "Yes" }).click();
    await dialog().getByText("done", { exact: true }).waitFor();
    expect(host.asked).toEqual([{ kind: "change_payouts", ids: [uuid(22)], change: "unlock" }]);
  });

  it("settles a payout that needs attention, with a note", async () => {
    host.show({
      ...calmState(),
      payouts: [payout(7, { status: "Expired", needsAttention: true, mailConfirmedAt: new Date(NOW).toISOString() })],
    });
    await button("Settle").click();
    const yes = dialog().getByRole("button", { name: "Yes" });
    expect(await yes.isDisabled()).toBe(true);
    await dialog().getByRole("textbox").fill("told the winner");
    await yes.click();
    await dialog().getByText("done", { exact: true }).waitFor();
    expect(host.asked).toEqual([{ kind: "settle_payout", id: uuid(7), note: "told the winner" }]);
  });

  it("keeps its rows in their places under the mouse, and takes the right order when the mouse leaves", async () => {
    const before = await names();
    await page.locator("td.character", { hasText: "Thrallina" }).hover();
    host.show({
      ...busyState(),
      payouts: [payout(60, { characterName: "Earliest" }), ...busyState().payouts.slice(1)],
    });
    await page.getByText("Earliest").waitFor();
    expect(await names()).toEqual([...before, "Earliest"]);
    expect(await page.locator("tbody.gone td.character").allTextContents()).toEqual(["Gearwin"]);
    await page.getByRole("heading", { level: 1 }).hover();
    await page.locator("tbody.gone").waitFor({ state: "detached" });
    expect(await names()).toEqual(["Earliest", ...before.slice(1)]);
  });
});

describe("what needs the streamer", () => {
  it.each(["sending_open", "sending_unkeyed", "held_by_other_desktop", "session_not_flushed"] as const)(
    "asks about a mail (%s) and passes on either answer",
    async (reason) => {
      host.show({
        ...calmState(),
        questions: [question(1, { reason }), question(2, { reason, about: "gift", itemName: "Frostweave Bag" })],
      });
      await button("It was sent").first().click();
      await button("It was not").last().click();
      await expect
        .poll(() => host.asked)
        .toEqual([
          { kind: "answer_question", id: uuid(1), answer: "sent" },
          { kind: "answer_question", id: uuid(2), answer: "not_sent" },
        ]);
    },
  );

  it("retries and dismisses alerts, and says on the card why it could not", async () => {
    host.show(busyState());
    host.answer = (action) =>
      action.kind === "retry_alert" ? { ok: false, code: "no_game", details: {} } : { ok: true, data: null };
    await shown("the whisper to Mirabel");
    await button("Try again").click();
    await shown("The game is not running.");
    await button("Seen").click();
    await expect
      .poll(() => host.asked)
      .toEqual([
        { kind: "retry_alert", id: "command_failed:whisper" },
        { kind: "dismiss_alert", id: "command_failed:whisper" },
      ]);
  });

  it("sends a finally refused fact again", async () => {
    host.show(busyState());
    await button("Send again").click();
    await expect.poll(() => host.asked).toEqual([{ kind: "send_again", factNumber: 31 }]);
  });

  it("has the streamer pick a window, take over, and read about an update", async () => {
    const calm = calmState();
    const windows = [1, 2].map((number) => ({ id: `w${number}`, title: "World of Warcraft", processId: 100 + number }));
    host.show({
      ...calm,
      status: {
        ...calm.status,
        game: { ...calm.status.game, windows },
        lease: { isActive: false, isOtherActive: true, activeSince: null },
        update: { code: "too_old", latest: "9.0.0", releaseNotesUrl: "https://gold.example/notes" },
      },
      alerts: [
        { id: "several_windows", code: "several_windows", details: { count: "2" }, canRetry: false, at: NOW, count: 1 },
      ],
    });
    await shown("nothing is typed into the game");
    expect(await page.getByRole("link").getAttribute("href")).toBe("https://gold.example/notes");
    await button("World of Warcraft, process 102").click();
    await button("Work from here").click();
    await expect.poll(() => host.asked).toEqual([{ kind: "pick_window", windowId: "w2" }, { kind: "take_over" }]);
  });

  it("ends a gift request after asking, and stops its drum on the drawn stack", async () => {
    host.show(busyState());
    await page.locator(".slat.chosen", { hasText: "Frostweave Bag" }).waitFor();
    await button("End request").first().click();
    await dialog().getByRole("button", { name: "Yes" }).click();
    await dialog().getByText("done", { exact: true }).waitFor();
    expect(host.asked).toEqual([{ kind: "fail_gift", id: uuid(301) }]);
  });
});

describe("on a machine whose clock is off", () => {
  it.each([HOUR_MS, -HOUR_MS])("by %d ms, the API's times are as old and as near as they are", async (aheadMs) => {
    host.show({ ...busyState(), now: NOW + aheadMs, aheadMs });
    await shown("Thrallina");
    const numbers = async (selector: string) =>
      (await page.locator(selector).allTextContents()).map((text) => Number(/\d+/.exec(text)?.[0]));
    expect(await numbers("td.age")).toEqual([22, 9, 4, 3, 2, 1]);
    expect(await numbers(".ways-out b")).toEqual([22]);
    const left = page.locator(".gifts .aside").first();
    expect([await left.isVisible(), await left.textContent()]).toEqual([true, expect.stringMatching(/\b3:\d\d\b/)]);
  });
});

describe("after the clock was put back", () => {
  it("a gift's drum stands on what was drawn, instead of waiting for the time of the draw", async () => {
    const [first, ...rest] = busyState().gifts;
    if (first?.roulette == null) throw new Error("nothing is drawn");
    const roulette = { ...first.roulette, drawnAt: NOW + HOUR_MS };
    host.show({ ...busyState(), gifts: [{ ...first, roulette }, ...rest] });
    await page.locator(".slat.chosen", { hasText: "Frostweave Bag" }).waitFor();
  });
});

describe("the event log", () => {
  it("is exported oldest first, and cleared", async () => {
    host.show(busyState());
    const [download] = await Promise.all([page.waitForEvent("download"), button("Export").click()]);
    const text = await (await download.createReadStream()).toArray();
    const lines = Buffer.concat(text).toString().trimEnd().split("\n");
    expect(lines.map((line) => line.split("\t").slice(1))).toEqual([
      ["info", "Норинн is online"],
      ["forged", "A forged line was ignored"],
      ["good", "Норинн said yes"],
      ["info", "The addon has gold for Норинн in its queue"],
      ["info", "Mail to Норинн is on its way"],
    ]);
    await button("Clear").click();
    await expect.poll(() => host.asked).toEqual([{ kind: "clear_events" }]);
  });

  it("is copied", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    host.show(busyState());
    await button("Copy").last().click();
    await shown("Copied.");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Норинн said yes");
  });
});

describe("the way to the bridge", () => {
  it("is tried again when it is lost; what was asked meanwhile is not done later", async () => {
    await host.drop();
    await shown("The bridge does not answer");
    expect(await button(/^Sync/).getAttribute("aria-disabled")).toBe("true");
    await host.restore();
    await page.getByText("The bridge does not answer").first().waitFor({ state: "hidden" });
    await page.getByText("Server", { exact: true }).waitFor();
    expect(host.asked).toEqual([]);
    // The broken connection itself is reported by the browser.
    faults.length = 0;
  });

  it("is refused to a page with another token, and a page without one says so", async () => {
    const other = await openWindow(browser, host.url.replace(/token=.*/, "token=guessed"));
    await other.page.getByText("does not know this page's token").waitFor();
    const none = await openWindow(browser, host.url.replace(/#.*/, ""));
    await none.page.getByText("without its token").waitFor();
    for (const { page } of [other, none]) {
      expect(await page.locator("main").count()).toBe(0);
      await page.context().close();
    }
  });
});

describe("where the game is", () => {
  it("may be known by its log alone, which is then all that is looked for", async () => {
    const logPath = "/games/Logs/WoWChatLog.txt";
    const sight = { hasGame: false, hasAddon: false, logPath, hasLog: true };
    host.answer = () => ({ ok: true, data: { kind: "game_folder", ...sight } });
    await button("Settings").click();
    await page.getByRole("textbox", { name: "Game folder" }).fill("");
    expect(await button("Look there").isDisabled()).toBe(true);
    await page.getByRole("textbox", { name: /log/i }).fill(logPath);
    await button("Look there").click();
    await shown("The chat log is there");
    expect(await page.getByText("No Wow.exe here").isVisible()).toBe(false);
    expect(host.asked).toEqual([{ kind: "test_game_folder", gameFolder: "", logPath }]);
  });
});

describe("names from outside", () => {
  it("stay text, whatever markup is in them", async () => {
    const evil = `<img src=x onerror="document.title='owned'"><b>!</b>`;
    const busy = busyState();
    host.show({
      ...busy,
      payouts: [payout(1, { characterName: evil, twitchDisplayName: evil, isSlow: true, status: "InProgress" })],
      gifts: [
        gift(1, {
          step: "asking",
          characterName: evil,
          selectedItem: { name: evil, id: 1, count: 1, link: "", texture: "", bagId: 0, slotId: 1 },
        }),
      ],
      questions: [question(1, { characterName: evil })],
      forgeries: { total: 1, recent: [{ text: evil, reason: evil, at: NOW }] },
      events: [{ number: 1, at: NOW, level: "bad", code: "candidate_online", details: { characterName: evil } }],
      spin: {
        ...busy.spin,
        candidate: { spinCycleId: uuid(1), characterName: evil, verifyUntil: NOW, report: "asked" },
      },
    });
    await page.locator("td.character", { hasText: evil }).waitFor();
    for (const part of ["td.viewer", ".gifts li", ".attention .card", ".events li", ".spin h3"]) {
      expect([part, (await page.locator(part).first().textContent())?.includes(evil)]).toEqual([part, true]);
    }
    expect([await page.locator("img[src=x]").count(), await page.title()]).toEqual([0, "Mimiron's Gold-o-Matic"]);
  });
});
