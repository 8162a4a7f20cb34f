import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fileLog } from "../../simulator/game/chat-log/log-storage.ts";
import { installedIn } from "../../simulator/game/game-options.ts";
import { type Gifts, giftsOf, type Wish } from "../../temporal/test/gifts.ts";
import { eventually, startWorld, type World } from "../../temporal/test/world.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { type RunningBridge, startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import { drawWinner, payoutOf } from "../test/winner.ts";

/*
 * The client dies with a gift's mail in its queue or on its way, and nobody but the streamer, or another desktop, can tell
 * whether it left. The real API, a bridge, a real client's addon with its bags; the answer is the realm's truth.
 */

const CLOTH = 33_470;
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
let running: RunningBridge;
/** Whether the client can write no log. */
let isDiskFull: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-gift-crash-"));
  isDiskFull = false;
  const disk = fileLog(installedIn(join(folder, "game")).logFile);
  const writeAt = (at: number, bytes: Uint8Array) => (isDiskFull ? undefined : disk.writeAt(at, bytes));
  played = await PlayedGame.open({ folder, clock, game: { logStorage: { ...disk, writeAt } } });
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
  running = await startBridge({ world, played, clock, folder });
});
afterEach(async () => {
  await running.stop();
  played.stop();
  await gifts.clear();
  await rm(folder, { recursive: true });
});

const mailsTo = (name: string) => played.game.player(name).mails;
const question = (id: string) => running.store.get("question", id);
const namings = (id: string) =>
  played.typed.filter((line) => line.includes("MGM_SendGift") && line.includes(id)).length;

/** Somebody of the realm asks for a gift in chat, of which there is one. */
async function wish(): Promise<Wish> {
  played.game.world.inventory.put(CLOTH, { count: 17 });
  const asked = await gifts.ask();
  played.meet(asked.characterName);
  return asked;
}

/** The log is not written any more once the gift's mail, or the gold, is named. */
function fillDiskAt(command: string): void {
  played.onType = (line) => {
    if (line.startsWith(`/run ${command}(`)) isDiskFull = true;
  };
}

/** The client dies, and another is started. */
function dieAndReturn(): void {
  played.onType = () => undefined;
  if (played.game.screen !== "closed") played.crash();
  isDiskFull = false;
  played.restart();
}

/** Answers the question by what is in the mailbox; whatever the answer, one mail arrives, and nothing is left open. */
async function answerAndEnd({ id, characterName }: Wish): Promise<string> {
  await until(() => question(id) !== undefined);
  const isThere = mailsTo(characterName).length > 0;
  expect(await gifts.row(id)).toMatchObject({ state: "Completed", delivered_at: null });
  const before = namings(id);
  expect(await running.bridge.answer(id, isThere ? "sent" : "not_sent")).toEqual({ ok: true });
  expect(namings(id)).toBe(before);
  await eventually(async () => (await gifts.row(id)).delivered_at !== null);
  const { store } = running;
  await until(() => store.all("fact").size === 0 && store.all("injected").size === 0);
  expect(mailsTo(characterName).map(({ items }) => items)).toEqual([[{ itemId: CLOTH, count: 17 }]]);
  expect([...store.all("question"), ...store.all("sending"), ...store.all("refusal")]).toEqual([]);
  expect(namings(id)).toBe(isThere ? before : before + 1);
  return isThere ? "sent" : "not_sent";
}

describe("a gift in a session whose log could not be flushed", () => {
  it.each([
    ["with the mail on its way", true, "sent"],
    ["with the mail in the queue", false, "not_sent"],
  ] as const)("that ended %s is a question", async (_, isMailed, answer) => {
    fillDiskAt("MGM_SendGift");
    played.handIsAtMailbox = isMailed;
    const asked = await wish();
    await until(() => (isMailed ? mailsTo(asked.characterName).length === 1 : played.rows.includes("READY")));
    dieAndReturn();
    await until(() => question(asked.id) !== undefined);
    expect(question(asked.id)).toMatchObject({ reason: "session_not_flushed" });
    played.handIsAtMailbox = true;
    expect(await answerAndEnd(asked)).toBe(answer);
  });
});

describe("a gift whose mail was announced when the client died", () => {
  it.each([
    ["before it left", "before", "not_sent"],
    ["after it left", "taken", "sent"],
  ] as const)("%s is a question", async (_, when, answer) => {
    const asked = await wish();
    played.game.world.mail.addFault({ kind: "crash", when });
    await until(() => played.game.screen === "closed");
    dieAndReturn();
    await until(() => question(asked.id) !== undefined);
    expect(question(asked.id)).toMatchObject({ reason: "sending_open" });
    expect(await answerAndEnd(asked)).toBe(answer);
  });
});

describe("a question that another desktop answers", () => {
  const elsewhere = { id: randomUUID() };

  it("is none any more for a gift, whose row leaves the queue", async () => {
    fillDiskAt("MGM_SendGift");
    played.handIsAtMailbox = false;
    const asked = await wish();
    await until(() => played.rows.includes("READY"));
    dieAndReturn();
    await until(() => question(asked.id) !== undefined);
    expect((await gifts.sent(asked.id, elsewhere)).status).toBe(200);
    await until(() => question(asked.id) === undefined && running.store.get("injected", asked.id) === undefined);
    played.handIsAtMailbox = true;
    expect([namings(asked.id), played.rows]).toEqual([1, []]);
    expect(await running.bridge.answer(asked.id, "not_sent")).toEqual({ ok: false, code: "no_such_question" });
  });

  it("is none any more for gold, whose row leaves the queue", async () => {
    fillDiskAt("ReceiveGold");
    played.handIsAtMailbox = false;
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => played.rows.includes("READY"));
    dieAndReturn();
    const { payoutId = "" } = (await payoutOf(world, winner)) ?? {};
    await until(() => question(payoutId) !== undefined);
    const told = await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`, undefined, elsewhere);
    expect(told.status).toBe(200);
    await until(() => question(payoutId) === undefined && running.store.get("injected", payoutId) === undefined);
    played.handIsAtMailbox = true;
    expect([mailsTo(winner.characterName), played.rows]).toEqual([[], []]);
  });
});
