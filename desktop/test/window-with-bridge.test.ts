import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giftsOf } from "../../temporal/test/gifts.ts";
import { ONLY } from "../bridge/store/store.ts";
import { type Evening, startEvening } from "./evening.ts";
import { findAccessibilityFaults } from "./find-accessibility-faults.ts";
import { until } from "./until.ts";
import { drawWinner } from "./winner.ts";

/*
 * The window as the streamer has it: a real browser, the running bridge, the real API, and the game simulator with the
 * addon in it. One evening, from the first start on; each test goes on where the one before it ended.
 */

let evening: Evening;
beforeAll(async () => {
  evening = await startEvening();
});
afterAll(() => evening?.stop());

const CLOTH = 33_470;
const MARKUP = `<img src=x onerror="document.title='owned'"><b>!</b>`;

const button = (name: string | RegExp) => evening.page.getByRole("button", { name });
const row = (name: string) => evening.page.locator("tbody:not(.gone)", { hasText: name });
const card = (text: string) => evening.page.locator("article.card:not(.gone)", { hasText: text });
const giftQuestion = (name: string) => evening.page.locator("article.card.needs:not(.gone)", { hasText: name });
const text = (words: string | RegExp) => evening.page.getByText(words).first();
const dialog = () => evening.page.getByRole("dialog");
const names = () => evening.page.locator("tbody:not(.gone) td.character").allTextContents();
/** What is under the mouse does not move. */
const moveAway = () => evening.page.getByRole("heading", { level: 1 }).hover();
const idOf = async (name: string) => (await row(name).locator("td.id button").getAttribute("title")) ?? "";

/** What the streamer's pill offers. */
async function clickPill(pill: RegExp, name: string): Promise<void> {
  await button(pill).click();
  await button(name).click();
  await button(name).press("Escape");
  await moveAway();
}

/** Somebody joins, is drawn, found in the game, and asked by whisper. */
async function win(characterName: string, how: { isSilent?: boolean; displayName?: string } = {}): Promise<string> {
  const { world, game } = evening;
  if (how.isSilent === true) game.silent.add(characterName);
  await world.database.query("delete from pool_entries");
  await drawWinner(world, game, { characterName, displayName: how.displayName ?? characterName });
  await clickPill(/^Server/, "Ask again");
  await row(characterName)
    .getByText(how.isSilent === true ? "waiting" : "yes", { exact: true })
    .waitFor();
  return await idOf(characterName);
}

async function statusOf(payoutId: string): Promise<string | undefined> {
  const { body } = await evening.world.desktop("GET", "/api/payouts");
  return body.items.find(({ id }: { id: string }) => id === payoutId)?.status;
}

/** Says yes to what is asked, and tells what each row came to. */
async function confirm(): Promise<string[]> {
  await dialog().getByRole("button", { name: "Yes" }).click();
  const close = dialog().getByRole("button", { name: "Close" });
  await close.waitFor();
  const results = await dialog().locator(".result").allTextContents();
  await close.click();
  await moveAway();
  return results;
}

/** Another addon of the streamer's writes into the chat, and the client writes its log. */
function writeInGame(line: string): void {
  evening.game.game.run(`SendSystemMessage(${JSON.stringify(line)})`);
  flushLog();
}

function flushLog(): void {
  evening.game.game.run("LoggingChat(false) LoggingChat(true)");
}

/** The key that the addon signs its lines with now. */
function addonKey(): string {
  const trust = evening.running.desktop.store.get("trust", ONLY);
  return trust?.keys.find(({ isSpent }) => !isSpent)?.key ?? "";
}

describe("an evening with the window", () => {
  it("begins with a set-up that ends with a working connection", async () => {
    const { page, world, folder, game } = evening;
    await page.getByRole("textbox", { name: "Address of the server" }).fill(world.apiUrl);
    const key = page.getByLabel("API key");
    await key.fill("wrong");
    await button("Test connection").click();
    await text("does not take the key").waitFor();
    await key.fill(world.environment.DESKTOP_API_KEYS ?? "");
    await button("Test connection").click();
    await text("and takes the key").waitFor();
    await button("Next").click();

    await page.getByRole("textbox", { name: "Game folder" }).fill(folder);
    await button("Browse for the game folder").click();
    await page.locator(".folder-picker li").getByText("game", { exact: true }).click();
    await page.locator(".folder-path", { hasText: "/game" }).waitFor();
    await button("Take this folder").click();
    await page.locator(".sights .dot.ok").nth(2).waitFor();
    await button("Next").click();

    await button("Say hello and measure").click();
    await text(/Mimiron on Ulduar answers: addon \S+, from typed to read in \d+ ms/).waitFor();
    await button("Next").click();
    await button("Send the test whisper").click();
    await text("The whisper arrived").waitFor();
    expect(game.game.player("Mimiron").whispers.some((one) => one.text.startsWith("MGM"))).toBe(true);
    await button("Start the machine").click();
    await text("Nobody is owed gold right now").waitFor();
    expect(evening.running.desktop.state().setup).toMatchObject({ isComplete: true, hasApiKey: true });
  });

  it("leads a winner to their gold with one press of Sync", async () => {
    const { game } = evening;
    game.handIsAtMailbox = false;
    const id = await win("Норинн", { displayName: MARKUP });
    await button(/^Sync 1 accepted/).click();
    await row("Норинн").getByText("In progress").waitFor();
    game.handIsAtMailbox = true;
    await row("Норинн").waitFor({ state: "detached" });
    expect(await statusOf(id)).toBe("Sent");
    expect(game.ledger).toEqual([{ to: "Норинн", copper: 10_000_000 }]);
  });

  it("finds, sorts and ends payouts, one and several, each with its result", async () => {
    const { page, world, running } = evening;
    const ids: string[] = [];
    for (const name of ["Thrallina", "Gearwin", "Mirabel"]) {
      ids.push(await win(name, { isSilent: true, displayName: `${name}${MARKUP}` }));
    }
    expect(await names()).toEqual(["Thrallina", "Gearwin", "Mirabel"]);
    await button("Character").click();
    expect(await names()).toEqual(["Gearwin", "Mirabel", "Thrallina"]);
    await page.getByRole("searchbox").fill("mira");
    expect(await names()).toEqual(["Mirabel"]);
    await page.getByRole("searchbox").fill("");
    await button("In progress").click();
    await text("No payout fits the filter").waitFor();
    await button("Show all").click();
    expect(await page.locator("td.viewer").first().textContent()).toBe(`Gearwin${MARKUP}`);
    expect(await findAccessibilityFaults(page)).toEqual([]);

    await page.getByRole("checkbox", { name: "Choose Gearwin" }).check();
    await button("Mark failed").click();
    expect(await confirm()).toEqual(["done"]);
    await row("Gearwin").waitFor({ state: "detached" });
    await page.getByRole("checkbox", { name: "Choose all" }).check();
    await button("Cancel payout").click();
    // While the streamer thinks, one of them ends.
    await world.desktop(
      "PATCH",
      `/api/payouts/${ids[2]}/status`,
      { status: "Failed" },
      { id: running.desktop.desktopId },
    );
    expect((await confirm()).map((result) => result === "done")).toEqual([true, false]);
    await text("Nobody is owed gold right now").waitFor();
    expect(await Promise.all(ids.map(statusOf))).toEqual(["Cancelled", "Failed", "Failed"]);
  });

  it("asks what only the streamer can tell, and acts on the answers", { timeout: 120_000 }, async () => {
    const { game, world } = evening;
    const gifts = giftsOf(world);
    game.game.world.inventory.put(CLOTH, { count: 17 });
    const gift = await gifts.ask();
    game.meet(gift.characterName);
    game.game.world.mail.addFault({ kind: "crash", when: "taken" });
    await clickPill(/^Server/, "Ask again");
    await until(() => game.game.screen === "closed");
    game.restart();
    const other = await win("Clank", { isSilent: true });
    const unkeyed = await win("Dorabel", { isSilent: true });
    const taken = await win("Осень");
    game.game.world.mail.addFault({ kind: "crash", when: "taken" });
    await button(/^Sync 1 accepted/).click();
    await until(() => game.game.screen === "closed");
    game.restart();
    game.handIsAtMailbox = false;
    const unflushed = await win("Brummel");
    game.onType = (line) => {
      if (line.startsWith("/run ReceiveGold(")) evening.isDiskFull = true;
    };
    await button(/^Sync 1 accepted/).click();
    await until(() => game.rows.includes("READY"));
    game.onType = () => undefined;
    game.crash();
    evening.isDiskFull = false;
    game.restart();

    // Another desktop took over in the meantime, and one of the payouts.
    const elsewhere = { id: randomUUID() };
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", takeOver: true }, elsewhere);
    await world.desktop("PATCH", `/api/payouts/${other}/status`, { status: "InProgress" }, elsewhere);
    await clickPill(/^Server/, "Ask again");
    await button("Work from here").click();
    await card("Clank").getByRole("button", { name: "It was not" }).click();
    await moveAway();
    await row("Clank").getByText("Pending").waitFor();
    expect(await statusOf(other)).toBe("Pending");

    await card("Brummel").waitFor();
    await card("Осень").waitFor();
    await giftQuestion(gift.characterName).waitFor();
    expect(await findAccessibilityFaults(evening.page)).toEqual([]);
    const reasons = evening.running.desktop.state().questions.map(({ id, reason }) => [id, reason]);
    expect(Object.fromEntries(reasons)).toEqual({
      [gift.id]: "sending_open",
      [taken]: "sending_open",
      [unflushed]: "session_not_flushed",
    });
    expect((await gifts.row(gift.id)).delivered_at).toBeNull();
    await giftQuestion(gift.characterName).getByRole("button", { name: "It was sent" }).click();
    await moveAway();
    await until(async () => (await gifts.row(gift.id)).delivered_at !== null);
    expect(game.game.player(gift.characterName).mails).toHaveLength(1);
    await card("Осень").getByRole("button", { name: "It was sent" }).click();
    await card("Brummel").getByRole("button", { name: "It was not" }).click();
    await moveAway();
    game.handIsAtMailbox = true;
    for (const name of ["Осень", "Brummel"]) await row(name).waitFor({ state: "detached" });
    expect([await statusOf(taken), await statusOf(unflushed)]).toEqual(["Sent", "Sent"]);
    for (const name of ["Осень", "Brummel"]) expect(game.ledger.filter(({ to }) => to === name)).toHaveLength(1);

    writeInGame(`[MGM_SENDING:${unkeyed}]`);
    await card("Dorabel").getByText("without our key").waitFor();
    await card("Dorabel").getByRole("button", { name: "It was not" }).click();
    await moveAway();
    await card("Dorabel").waitFor({ state: "detached" });
    expect(await statusOf(unkeyed)).toBe("Pending");
  });

  it("shows forged lines, with their markup as text", async () => {
    const { page, game, running } = evening;
    const { total } = running.desktop.state().forgeries;
    game.game.player("Badguy").whisper(`[MGM_CONFIRM:${randomUUID()}] #ffffffffffffffff ${MARKUP}`);
    game.game.player("Badguy").say(`[MGM_CONFIRM:${randomUUID()}] #ffffffffffffffff ${MARKUP}`);
    game.game.advance(1_000);
    flushLog();
    await until(() => running.desktop.state().forgeries.total === total + 2);
    await text("Show the newest").click();
    await page.locator(".forgeries q", { hasText: MARKUP }).first().waitFor();
    expect([await page.locator("img[src=x]").count(), await page.title()]).toEqual([0, "Mimiron's Gold-o-Matic"]);
  });

  it("lists what the server finally refuses, and sends it again", async () => {
    const { page, running } = evening;
    await clickPill(/^Addon|^Game answered/, "Say hello to the addon");
    await until(() => running.desktop.state().status.commands.ban === null);
    writeInGame(`[MGM_CONFIRM:${randomUUID()}] #${addonKey()}`);
    await page.locator(".refusals li").waitFor();
    const [first] = running.desktop.state().refusals;
    await button("Send again").click();
    // Refused once more, and listed once more.
    await until(() => (running.desktop.state().refusals[0]?.number ?? 0) > (first?.number ?? 0));
    await text("Refused by the server: 1").waitFor();
  });

  it("tells what could not be typed, and tries again at the streamer's word", async () => {
    const { world, game, screen } = evening;
    screen.takesOnly = "MGM_RunWho";
    game.silent.add("Bumbelo");
    await world.database.query("delete from pool_entries");
    await drawWinner(world, game, { characterName: "Bumbelo" });
    await clickPill(/^Server/, "Ask again");
    const alert = card("the whisper to Bumbelo");
    await alert.waitFor();
    screen.takesOnly = null;
    await alert.getByRole("button", { name: "Try again" }).click();
    await moveAway();
    await alert.waitFor({ state: "detached" });
    await row("Bumbelo").getByText("waiting", { exact: true }).waitFor();
  });

  it("speaks Russian when asked to, and gives its log away in it", async () => {
    const { page, running } = evening;
    await button("Settings").click();
    await page.getByLabel("Language").selectOption("ru");
    await page.getByRole("heading", { name: "Настройки" }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), button("В файл").click()]);
    const log = Buffer.concat(await (await download.createReadStream()).toArray()).toString();
    expect(log).toContain("Норинн");
    expect(log.trimEnd().split("\n").length).toBe(running.desktop.state().events.length);
    expect(running.desktop.state().settings.language).toBe("ru");
  });

  it("is for its own page and token only", async () => {
    const { browser, running } = evening;
    const { host, origin, hash } = new URL(running.url);
    const page = await browser.newPage();
    const outcome = (protocol: string) =>
      page.evaluate(
        ([address = "", name = ""]) =>
          new Promise((resolve) => {
            // biome-ignore lint/suspicious/noExplicitAny: the browser's, which this program's types do not know
            const socket = new (globalThis as any).WebSocket(address, name);
            socket.onmessage = () => resolve("heard");
            socket.onclose = ({ code }: { code: number }) => resolve(code);
          }),
        [`ws://${host}/ws`, protocol],
      );
    const token = hash.replace("#token=", "mgm.");
    // The right token from a page that is not the window.
    expect(await outcome(token)).toBe(1006);
    await page.goto(origin);
    await page.getByText("without its token").waitFor();
    expect(await page.locator("main").count()).toBe(0);
    expect(await outcome("mgm.guessed")).toBe(1008);
    expect(await outcome(token)).toBe("heard");
    await page.close();
  });

  it("has shown nothing that its page had to stop, or stumbled over", () => {
    expect(evening.faults).toEqual([]);
  });
});
