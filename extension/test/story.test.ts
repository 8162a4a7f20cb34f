import { rmSync } from "node:fs";
import { rewardSentAnnouncement } from "@mgm/domain/payout";
import { type Rig, startRig } from "@mgm/simulator/twitch/rig/rig";
import { badges } from "@mgm/simulator/twitch/viewers";
import { reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "../../temporal/engines/free-port.ts";
import { ensureSchedules } from "../../temporal/schedule.ts";
import { eventually, report, startWorld, type World } from "../../temporal/test/world.ts";
import en from "../src/texts/en.json";
import ru from "../src/texts/ru.json";
import { fill } from "../src/texts/texts.ts";
import { builtPages, startBrowser } from "./browser.ts";

/*
 * The whole story as viewers see it, beside each other in the rig: the real API, workers and database, the built pages
 * under Twitch's policy, chat typed in the rig, snapshots pushed through the simulated Twitch.
 */

const STORY_MS = 200_000;
const timings = { intervalMs: 12_000, wheelMs: 3_000, graceMs: 3_000, slackMs: 500, resultMs: 3_000 };
const person = (id: string) => ({ id, login: id, displayName: id.toUpperCase(), badges: [badges.subscriber(3)] });
const SEATS = [
  { user: person("first"), name: "Norinn", texts: en },
  { user: person("second"), name: "Ёжик", texts: ru },
] as const;

let world: World;
let rig: Rig;
let browser: Browser;
let page: Page;
let folder: string;
const faults: string[] = [];

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  folder = await builtPages();
  world = await startWorld({ timings, settings: { ALLOWED_ORIGINS: `http://127.0.0.1:${port}` } });
  rig = await startRig({
    port,
    apiUrl: world.apiUrl,
    broadcasterId: world.broadcasterId,
    extensionSecret: world.environment.TWITCH_EXTENSION_SECRETS ?? "",
    pubSub: world.twitch.pubSub,
    pages: { folder: async () => folder },
    // The rig's first seats are for the first, the fourth, and the second who has not shared.
    people: [SEATS[0].user, person("shy"), person("nobody"), SEATS[1].user],
    say: async (chatter, text) => (await world.chat.say({ chatter, text })).status === 200,
    log: (line) => faults.push(line),
  });
  await beat();
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1560, height: 900 } });
  page.on("console", (message) => {
    // The rig's own frames need both words of Twitch's sandbox, which browsers remark on.
    const isRemark = message.text().includes("sandbox attribute");
    if (["error", "warning"].includes(message.type()) && !isRemark) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(rig.url);
});
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
  for (const id of [spinScheduleId(world.broadcasterId), reconcileScheduleId(world.broadcasterId)]) {
    await world.client.schedule
      .getHandle(id)
      .delete()
      .catch(() => undefined);
  }
  await world.stop();
  rmSync(folder, { recursive: true });
});

const beat = () =>
  world.desktop("POST", "/api/desktop/heartbeat", {
    desktopVersion: "0.1.0",
    addonVersion: "0.1.0",
    character: "Gnomoteka",
    realm: "Icecrown",
    gameFound: true,
    bangSwallowed: false,
  });

async function frameOf(seat: number): Promise<Frame> {
  return await eventually(async () => (await page.locator("iframe").nth(seat).elementHandle())?.contentFrame());
}
const shownIn = async (seat: number, selector: string): Promise<string> =>
  await (await frameOf(seat))
    .locator(selector)
    .first()
    .evaluate((element) => element.textContent ?? "");
const until = (seat: number, selector: string, text: string) =>
  eventually(async () => (await shownIn(seat, selector).catch(() => "")).includes(text));
const title = (seat: number, text: string) => until(seat, ".cards .card h2", text);
/** Whether a text is made of this template, whatever stands in its places. */
const isOf = (shown: string, template: string) =>
  plain(template)
    .split(/\{\w+\}/)
    .every((part) => shown.includes(part));
const plain = (text: string) => text.replaceAll(/[*`]/g, "");
async function type(seat: number, line: string): Promise<void> {
  const chat = page.locator(".seat").nth(seat).locator(".chat");
  await chat.locator("input").fill(line);
  await chat.locator("button").click();
}
/** Opens a page anew, as somebody who comes back to the channel: it looks at everything at once. */
const comeBack = async (seat: number): Promise<void> => (await frameOf(seat)).evaluate("location.reload()");

describe.sequential("viewers beside each other", () => {
  it("find how to join, each in their own language; who has not shared is asked to, on a click", async () => {
    for (const [seat, { texts }] of SEATS.entries()) await title(seat, texts.you.joinTitle);
    await title(2, ru.you.unsharedTitle);
    await (await frameOf(2)).locator(".card button:visible").click();
    await title(2, ru.you.joinTitle);
    await page.locator(".seat").nth(2).locator("select[name=as]").selectOption("anonymous");
    await title(2, ru.you.anonymousTitle);
  });

  it("join by chat, watch the same drum, and one wins, is whispered to, and gets the gold", {
    timeout: STORY_MS,
  }, async () => {
    for (const [seat, { name }] of SEATS.entries()) await type(seat, `!twgold ${name}`);
    for (const [seat, { name, texts }] of SEATS.entries()) await title(seat, fill(texts.you.inTitle, { name }));
    await until(2, ".top p", fill(ru.pool, { count: 2 }));

    await ensureSchedules(world.client, { ...world, timings: world.timings });
    await until(0, ".headline", en.phase.spinning);
    const slats = await eventually(async () => {
      const seen = await page.evaluate(() =>
        [...document.querySelectorAll("iframe")].map((frame) => {
          const middle = frame.contentDocument?.querySelector(".slat.middle");
          return `${middle?.textContent} ${middle?.getAttribute("transform")?.split(" ")[1]}`;
        }),
      );
      return seen[0]?.includes("undefined") ? null : seen.slice(0, 2).map((slat) => slat.split(" ")[0]);
    });
    expect(slats[0]).toBe(slats[1]);
    expect(await shownIn(1, ".headline")).toBe(ru.phase.spinning);

    const drawn = await eventually(async () => {
      const { body } = await world.desktop("GET", "/api/roulette/candidate");
      return body;
    });
    const won = SEATS.findIndex(({ name }) => name === drawn.characterName);
    const lost = 1 - won;
    const { name, texts } = SEATS[won as 0 | 1];
    await until(won, ".headline", plain(fill(texts.phase.verification, { name })));
    expect(await shownIn(0, ".slat.middle text")).toBe(name);
    expect(await shownIn(1, ".slat.middle text")).toBe(name);
    await world.desktop("POST", "/api/roulette/verify-candidate", report(drawn.spinCycleId, name, true));

    await until(won, ".headline", plain(fill(texts.phase.won, { name })));
    await eventually(async () => isOf(await shownIn(won, ".cards .card h2"), texts.payout.wonTitle));
    expect(await shownIn(won, ".card.you p")).toContain("Gnomoteka");
    expect(await shownIn(won, ".card.you p")).toContain("Icecrown");
    expect(await shownIn(won, ".phrase code")).toBe("!twgold");
    expect(await shownIn(won, ".chip")).toBe(texts.payout.pending);
    expect(await shownIn(won, ".steps .now")).toBe(texts.payout.steps[2]);
    await title(lost, fill(SEATS[lost as 0 | 1].texts.you.inTitle, { name: SEATS[lost as 0 | 1].name }));

    const { body: pending } = await world.desktop("GET", "/api/payouts/pending");
    const payout = `/api/payouts/${pending[0].id}`;
    await until(3, ".row b", name);
    await world.desktop("POST", `${payout}/confirm-acceptance`, { characterName: name });
    await until(won, ".steps .now", texts.payout.steps[3] ?? "");
    await world.desktop("PATCH", `${payout}/status`, { status: "InProgress" });
    await until(won, ".chip", texts.payout.inProgress);
    await world.desktop("POST", `${payout}/confirm-mail-sent`);
    await until(won, ".chip", texts.payout.sent);
    expect(await shownIn(won, ".card.you p")).toContain(rewardSentAnnouncement(name));
    expect(await shownIn(won, ".card.you p code")).not.toBe("");
    expect(faults).toEqual([]);
  });

  it("ask for a gift, and read how it goes until it was sent", { timeout: STORY_MS }, async () => {
    const { name, texts } = SEATS[0];
    const gift = ".cards .card:nth-child(2) p";
    const reads = async (text: string): Promise<void> => {
      await comeBack(0);
      await eventually(async () => isOf(await shownIn(0, gift).catch(() => ""), text));
    };
    await type(0, `!twgift ${name}`);
    await reads(texts.gift.SelectingItem);
    const request = await eventually(async () => (await world.desktop("GET", "/api/gift-requests")).body[0]);
    const path = `/api/gift-requests/${request.id}`;
    const item = { name: "Linen Cloth", id: 2589, count: 20, link: "", texture: "", bagId: 0, slotId: 1 };
    expect((await world.desktop("POST", `${path}/select-item`, { item })).status).toBe(200);
    await reads(texts.gift.WaitingConfirmation);
    expect(await shownIn(0, gift)).toContain("Linen Cloth");
    expect((await world.desktop("POST", `${path}/confirm`, { confirmed: true })).status).toBe(200);
    await reads(texts.gift.Completed);
    expect((await world.desktop("POST", `${path}/sent`)).status).toBe(200);
    await reads(texts.gift.delivered);
  });

  it("see at once that the streamer has paused", { timeout: STORY_MS }, async () => {
    await (await frameOf(3)).locator(".card button.primary").first().click();
    await (await frameOf(3)).locator("dialog button.primary").click();
    await until(1, ".headline", ru.phase.paused);
    expect((await world.state()).paused).toBe(true);
    expect(faults).toEqual([]);
  });
});
