import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineItem } from "@mgm/simulator/game/world/items";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type GiftRow, type Gifts, giftsOf, type Wish } from "../../temporal/test/gifts.ts";
import { eventually, startWorld, type World } from "../../temporal/test/world.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import type { BridgeOptions } from "./bridge-options.ts";

/* Gifts from chat to the mail that was sent: the real API, its queue, a bridge, and a real client's addon with its bags. */

const CLOTH = 33_470;
const LOTUS = 36_908;
const HEARTHSTONE = 6_948;
const HOSTILE_NAMES = [`Плащ "Ночь ]|[ тишины" №7 \\`, `]] #0123456789abcdef [MGM_BYE] "`, "Щ".repeat(120)];

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());

const clock = new HurriedClock();
afterAll(() => clock.stop());
let folder: string;
let played: PlayedGame;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-gifts-"));
  played = await PlayedGame.open({ folder, clock });
  await world.database.query("delete from desktop_leases");
});
afterEach(async () => {
  for (const stop of running) await stop();
  played.stop();
  await gifts.clear();
  await rm(folder, { recursive: true });
});

/** Bridges that run: one that a failed test leaves behind would hold the lease. */
const running = new Set<() => Promise<void>>();
async function start(changed: Partial<BridgeOptions> = {}) {
  const started = await startBridge({ world, played, clock, folder }, changed);
  const stop = async () => {
    if (running.delete(stop)) await started.stop();
  };
  running.add(stop);
  return { ...started, stop };
}
const bags = () => played.game.world.inventory;
const lines = (name: string) => played.typed.filter((line) => line.startsWith(`/run ${name}(`));
const count = (name: string) => lines(name).length;
/** Somebody of the realm asks for a gift in chat. */
async function wish(): Promise<Wish> {
  const asked = await gifts.ask();
  played.meet(asked.characterName);
  return asked;
}
function row({ id }: Wish, isThere: (row: GiftRow) => boolean): Promise<GiftRow> {
  return eventually(async () => {
    const found = await gifts.row(id);
    return isThere(found) && found;
  });
}
const isOver = ({ state }: GiftRow) => state === "Failed";
const delivered = (asked: Wish) => row(asked, ({ delivered_at }) => delivered_at !== null);
const itemsOf = ({ characterName }: Wish) =>
  played.game.player(characterName).mails.map(({ items, copper }) => ({ items, copper }));

describe("a gift", () => {
  it("is drawn, agreed to, mailed and told, with nobody's help", async () => {
    bags().put(CLOTH, { count: 17 });
    const asked = await wish();
    const { store, alerts, desktopId, stop } = await start();
    expect(await delivered(asked)).toMatchObject({ state: "Completed", selected_by: desktopId });
    expect(itemsOf(asked)).toEqual([{ items: [{ itemId: CLOTH, count: 17 }], copper: 0 }]);
    expect(played.giftQuestionsTo(asked.characterName)).toBe(1);
    await until(() => store.all("fact").size === 0 && store.all("injected").size === 0);
    expect([
      count("MGM_RequestGiftItems"),
      count("MGM_DescribeGiftItem"),
      count("MGM_RequestGiftConfirmation"),
      count("MGM_SendGift"),
      count("MGM_Withdraw"),
    ]).toEqual([1, 1, 1, 1, 0]);
    expect(alerts).toEqual([]);
    expect(played.game.luaErrors).toEqual([]);
    await stop();
  });

  it("is not mailed to whoever declines", async () => {
    bags().put(CLOTH, { count: 17 });
    played.giftAnswer = "нет";
    const asked = await wish();
    const { store, stop } = await start();
    expect((await row(asked, isOver)).failure_reason).toBe("receiver_declined");
    await until(() => store.all("fact").size === 0);
    expect(count("MGM_SendGift")).toBe(0);
    await stop();
  });

  it("is waited for until the right one answers", async () => {
    bags().put(CLOTH);
    const asked = await wish();
    played.silent.add(asked.characterName);
    const { stop } = await start();
    await until(() => played.giftQuestionsTo(asked.characterName) === 1);
    const stranger = played.game.player("Stranger");
    stranger.goOnline();
    stranger.whisper("!twgift");
    stranger.whisper("нет");
    const heardAt = clock.now();
    await until(() => clock.now() - heardAt > 10_000);
    expect(await gifts.row(asked.id)).toMatchObject({ state: "WaitingConfirmation", failure_reason: null });
    played.game.player(asked.characterName).whisper("!twgift");
    await delivered(asked);
    expect(itemsOf(asked)).toHaveLength(1);
    await stop();
  });

  it("fails where nothing can be given, and the streamer hears why", async () => {
    bags().put(HEARTHSTONE);
    const asked = await wish();
    const { alerts, stop } = await start();
    expect((await row(asked, isOver)).failure_reason).toBe("no_items_available");
    const { id, characterName } = asked;
    expect(alerts).toEqual([{ code: "no_items_available", id, characterName }]);
    expect(count("MGM_DescribeGiftItem")).toBe(0);
    await stop();
  });

  it("is one of a hundred stacks", async () => {
    for (let stack = 1; stack <= 100; stack += 1)
      bags().put(stack % 2 === 0 ? CLOTH : LOTUS, { count: 1 + (stack % 20) });
    const asked = await wish();
    const { store, stop } = await start();
    await delivered(asked);
    const { stacks = null, drawnIndex = null } = store.get("gift", asked.id) ?? {};
    expect(stacks).toHaveLength(100);
    const { itemId, count: amount } = stacks?.[drawnIndex ?? -1] ?? {};
    expect(itemsOf(asked)).toEqual([{ items: [{ itemId, count: amount }], copper: 0 }]);
    await stop();
  });

  it.each([...HOSTILE_NAMES.entries()])("keeps its name, whatever is in it (%i)", async (index, name) => {
    const { id } = defineItem({ id: 990_000 + index, name });
    bags().put(id);
    const asked = await wish();
    played.silent.add(asked.characterName);
    const { stop } = await start();
    await until(() => played.giftQuestionsTo(asked.characterName) === 1);
    const [shown] = await gifts.list();
    expect(shown?.selectedItem).toMatchObject({ name, id, count: 1 });
    played.game.player(asked.characterName).whisper("!twgift");
    await delivered(asked);
    expect(itemsOf(asked)).toEqual([{ items: [{ itemId: id, count: 1 }], copper: 0 }]);
    await stop();
  });
});

describe("bags that change", () => {
  it("are listed anew, and another stack is drawn, while nobody was asked", async () => {
    const place = bags().put(CLOTH, { count: 17 });
    played.onType = (line) => {
      if (!line.startsWith("/run MGM_DescribeGiftItem(") || bags().at(place) === undefined) return;
      bags().take(place);
      bags().put(LOTUS, { count: 3 }, { bag: 1, slot: 1 });
    };
    const asked = await wish();
    const { alerts, stop } = await start();
    await delivered(asked);
    expect(itemsOf(asked)).toEqual([{ items: [{ itemId: LOTUS, count: 3 }], copper: 0 }]);
    expect([count("MGM_RequestGiftItems"), count("MGM_DescribeGiftItem")]).toEqual([2, 2]);
    expect(alerts).toEqual([]);
    await stop();
  });

  it("are the streamer's to decide about once it was agreed", async () => {
    const place = bags().put(CLOTH, { count: 17 });
    played.handIsAtMailbox = false;
    const asked = await wish();
    const { bridge, store, alerts, stop } = await start();
    await until(() => played.rows.includes("READY"));
    bags().take(place);
    bags().put(LOTUS, { count: 17 }, place);
    played.handIsAtMailbox = true;
    await until(() => alerts.some((alert) => alert.code === "mail_failed" && alert.id === asked.id));
    expect(itemsOf(asked)).toEqual([]);
    await bridge.api.failGift(asked.id, "failed_by_streamer");
    bridge.refresh();
    await until(() => store.get("injected", asked.id) === undefined);
    expect(await gifts.row(asked.id)).toMatchObject({ state: "Failed", delivered_at: null });
    await stop();
  });
});

describe("the streamer ends a gift", () => {
  it.each([
    { step: "listed", holds: "MGM_RequestGiftItems" },
    { step: "described", holds: "MGM_DescribeGiftItem" },
    { step: "asked about", holds: "MGM_RequestGiftConfirmation" },
    { step: "named", holds: "MGM_SendGift" },
  ])("before it is $step, and the next one is served", async ({ holds }) => {
    bags().put(CLOTH, { count: 17 });
    const [first, second] = [await wish(), await wish()];
    const gate = holding(holds);
    const { bridge, stop } = await start({ strategies: [gate] });
    await until(() => gate.held.length > 0);
    await bridge.api.failGift(first.id, "failed_by_streamer");
    expect(await gifts.row(first.id)).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
    bridge.refresh();
    gate.open();
    await delivered(second);
    expect([itemsOf(first).length, itemsOf(second).length]).toEqual([0, 1]);
    await stop();
  });

  it("before its viewer answered, and the next one is served", async () => {
    bags().put(CLOTH, { count: 17 });
    const [first, second] = [await wish(), await wish()];
    played.silent.add(first.characterName);
    const { bridge, stop } = await start();
    await until(() => played.giftQuestionsTo(first.characterName) === 1);
    await bridge.api.failGift(first.id, "failed_by_streamer");
    expect(await gifts.row(first.id)).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
    bridge.refresh();
    // The answer comes all the same, too late.
    played.game.player(first.characterName).whisper("!twgift");
    await delivered(second);
    expect([itemsOf(first).length, itemsOf(second).length]).toEqual([0, 1]);
    await stop();
  });

  it("whose mail waits: it is withdrawn before anything else is named", async () => {
    bags().put(CLOTH, { count: 17 });
    bags().put(LOTUS, { count: 3 });
    played.handIsAtMailbox = false;
    const [first, second] = [await wish(), await wish()];
    played.silent.add(second.characterName);
    const { bridge, store, stop } = await start();
    await until(() => store.get("injected", first.id)?.isOnRecord === true);
    await until(() => played.giftQuestionsTo(second.characterName) === 1);
    await bridge.api.failGift(first.id, "failed_by_streamer");
    bridge.refresh();
    played.game.player(second.characterName).whisper("!twgift");
    await until(() => store.get("injected", second.id) !== undefined);
    expect(store.get("injected", first.id)).toBeUndefined();
    played.handIsAtMailbox = true;
    await delivered(second);
    expect([itemsOf(first).length, itemsOf(second).length]).toEqual([0, 1]);
    const order = played.typed.filter((line) => line.includes("MGM_Withdraw") || line.includes("MGM_SendGift"));
    expect(order.map((line) => line.slice(0, line.indexOf("(")))).toEqual([
      "/run MGM_SendGift",
      "/run MGM_Withdraw",
      "/run MGM_SendGift",
    ]);
    await stop();
  });
});

describe("a stack that a viewer agreed to", () => {
  it("is not drawn for the next one while the mailbox is shut: each gets their own", async () => {
    const stacks = [17, 16, 15].map((count) => ({ items: [{ itemId: CLOTH, count }], copper: 0 }));
    for (const { items } of stacks) bags().put(CLOTH, items[0]);
    played.handIsAtMailbox = false;
    const wishes = [await wish(), await wish(), await wish()];
    const { alerts, stop } = await start();
    await until(() => played.rows.filter((status) => status === "READY").length === wishes.length);
    played.handIsAtMailbox = true;
    for (const asked of wishes) await delivered(asked);
    const given = wishes
      .flatMap(itemsOf)
      .sort((one, other) => (other.items[0]?.count ?? 0) - (one.items[0]?.count ?? 0));
    expect([given, alerts]).toEqual([stacks, []]);
    await stop();
  });

  it("is nothing to give to anybody else, until the streamer takes the gift back", async () => {
    bags().put(CLOTH, { count: 17 });
    played.handIsAtMailbox = false;
    const [first, second] = [await wish(), await wish()];
    const { bridge, store, alerts, stop } = await start();
    expect((await row(second, isOver)).failure_reason).toBe("no_items_available");
    const { id, characterName } = second;
    expect(alerts).toEqual([{ code: "no_items_available", id, characterName }]);
    expect(await gifts.row(first.id)).toMatchObject({ state: "Completed", delivered_at: null });
    await bridge.api.failGift(first.id, "failed_by_streamer");
    const third = await wish();
    bridge.refresh();
    await until(() => store.get("injected", first.id) === undefined);
    played.handIsAtMailbox = true;
    await delivered(third);
    expect([first, second, third].map((asked) => itemsOf(asked).length)).toEqual([0, 0, 1]);
    await stop();
  });
});

describe("a restart", () => {
  it("draws no second time", async () => {
    for (let stack = 0; stack < 30; stack += 1) bags().put(CLOTH, { count: 20 });
    const asked = await wish();
    const gate = holding("MGM_DescribeGiftItem");
    const first = await start({ strategies: [gate] });
    await until(() => gate.held.length > 0);
    const drawn = first.store.get("gift", asked.id);
    expect(drawn?.drawnIndex).toEqual(expect.any(Number));
    await first.stop();
    const second = await start();
    await delivered(asked);
    expect(second.store.get("gift", asked.id)).toEqual({ ...drawn, isDescribed: true });
    expect([count("MGM_RequestGiftItems"), itemsOf(asked).length]).toEqual([1, 1]);
    await second.stop();
  });

  it.each([
    { after: "the question", holds: "MGM_SendGift", isHandThere: true },
    { after: "the mail was named", holds: null, isHandThere: false },
  ])("after $after asks once and mails once", async ({ holds, isHandThere }) => {
    bags().put(CLOTH, { count: 17 });
    bags().put(CLOTH, { count: 16 });
    played.handIsAtMailbox = isHandThere;
    const asked = await wish();
    const gate = holding(holds);
    const first = await start({ strategies: [gate] });
    await until(() => gate.held.length > 0 || first.store.get("injected", asked.id)?.isOnRecord === true);
    await first.stop();
    const second = await start();
    // Named again after the new hello.
    await until(() => count("MGM_SendGift") === (holds === null ? 2 : 1));
    played.handIsAtMailbox = true;
    await delivered(asked);
    expect([played.giftQuestionsTo(asked.characterName), itemsOf(asked).length]).toEqual([1, 1]);
    await second.stop();
  });

  it("of a game that died names the gift again, once it is known that it was not mailed", async () => {
    bags().put(CLOTH, { count: 17 });
    played.handIsAtMailbox = false;
    const asked = await wish();
    const { store, stop } = await start();
    await until(() => store.get("injected", asked.id)?.isOnRecord === true);
    played.crash();
    played.restart();
    await until(() => count("MGM_SendGift") === 2);
    played.handIsAtMailbox = true;
    await delivered(asked);
    expect(itemsOf(asked)).toHaveLength(1);
    await stop();
  });
});

/** Keys that arrive, but for one command, which never gets to the game while the gate is closed. */
function holding(name: string | null) {
  let isOpen = false;
  const held: string[] = [];
  const type = async (line: string) => {
    if (name !== null && !isOpen && line.startsWith(`/run ${name}(`)) {
      held.push(line);
      return { ok: false, code: "focus_lost" } as const;
    }
    played.type(line);
    return { ok: true } as const;
  };
  const open = () => {
    isOpen = true;
  };
  return { name: "send_input", type, held, open } as const;
}
