import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Gifts, giftsOf, type Wish } from "../../temporal/test/gifts.ts";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { DoomedBridge } from "../test/doomed-bridge.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { drawWinner, payoutOf, type Winner } from "../test/winner.ts";
import { Store } from "./store/store.ts";

/*
 * kill -9 of the bridge at random moments of the stories of payouts and gifts: between keys, between a line of the log and
 * its fact, between a draw and its command, between a request and its answer. The seed decides how many lines each bridge may type, or how long it may live, before it dies.
 * `npm run kill-bridge` does the same with more kills and other seeds.
 */

const KILLS = Number(process.env.MGM_KILLS ?? 20);
const SEED = Number(process.env.MGM_SEED ?? 20_260_404);
/** Payouts whose story is told at the same time; and gifts, one of which is served while the other waits. */
const AT_ONCE = 2;
const CLOTH = 33_470;
/** More than are given away, so that each draw has something to decide. */
const STACKS = 90;
/** How long a gift may take: no time-out may hide that one hangs. */
const GIFT_MS = 3_600_000;
/** Above what the longest story takes without any kill. */
const LIMIT_MS = KILLS * 15_000;

let world: World;
let clock: HurriedClock;
let folder: string;
let played: PlayedGame;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld({ timings: { giftSelectMs: GIFT_MS, giftConfirmMs: GIFT_MS } });
  gifts = giftsOf(world);
  clock = new HurriedClock();
  folder = await mkdtemp(join(tmpdir(), "mgm-kill-"));
  played = await PlayedGame.open({ folder, clock });
  for (let stack = 0; stack < STACKS; stack += 1) bags().put(CLOTH, { count: 1 + (stack % 20) });
});
afterAll(async () => {
  played.stop();
  clock.stop();
  await world.stop();
  await rm(folder, { recursive: true });
});

const bags = () => played.game.world.inventory;
const random = seededRandom(SEED);
const below = (limit: number) => Math.floor(random() * limit);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it(`loses nothing and does nothing twice over ${KILLS} kills`, { timeout: LIMIT_MS + 120_000 }, async () => {
  const clothBefore = bags().countOf(CLOTH);
  const winners: Winner[] = [];
  const wishes: Wish[] = [];
  const told = new Set<Winner | Wish>();
  const isTold = (one: Winner | Wish) => told.has(one);
  const openWinners = () => winners.filter((winner) => !isTold(winner));
  const openWishes = () => wishes.filter((wish) => !isTold(wish));
  const noteSent = async () => {
    for (const winner of openWinners()) if ((await payoutOf(world, winner))?.status === "Sent") told.add(winner);
    for (const wish of openWishes()) if (await isGiven(wish)) told.add(wish);
  };
  const fillStage = async () => {
    await noteSent();
    if (openWishes().length < AT_ONCE) {
      const wish = await gifts.ask();
      played.meet(wish.characterName);
      wishes.push(wish);
    }
    // One at a time is a candidate: the next is drawn when the last one was seen online.
    const last = winners.at(-1);
    const isFree = last === undefined || (await payoutOf(world, last)) !== null;
    if (openWinners().length < AT_ONCE && isFree) winners.push(await drawWinner(world, played));
  };

  let kills = 0;
  while (kills < KILLS) {
    await fillStage();
    const bridge = await DoomedBridge.start({ world, played, clock, folder });
    const lifeMs = 50 + below(1_500);
    let linesToLive = 1 + below(4);
    const byLine = random() < 0.5;
    const dies = new Promise<void>((resolve) => {
      bridge.onType = () => {
        linesToLive -= 1;
        if (byLine && linesToLive === 0) resolve();
      };
      // Whoever has nothing to type dies at a moment of its own.
      setTimeout(resolve, byLine ? 2_500 : lifeMs);
    });
    await dies;
    if (byLine) await pause(below(60));
    expect(await bridge.kill()).toBe("SIGKILL");
    kills += 1;
  }

  const last = await DoomedBridge.start({ world, played, clock, folder });
  const end = Date.now() + 90_000;
  for (; openWinners().length + openWishes().length > 0; await pause(20)) {
    await noteSent();
    if (Date.now() <= end) continue;
    const states = await Promise.all(openWishes().map(async ({ id }) => (await gifts.row(id)).state));
    throw new Error(`seed ${SEED}: ${openWinners().length} payouts and gifts that are ${states} did not end`);
  }
  expect(await last.kill()).toBe("SIGKILL");

  const names = winners.map(({ characterName }) => characterName);
  expect(played.notOnce(names, PAYOUT_COPPER)).toEqual([]);
  const given = wishes.map(({ characterName }) => played.game.player(characterName).mails);
  expect(given.map((mails) => [mails.length, mails[0]?.items.length, mails[0]?.copper])).toEqual(
    wishes.map(() => [1, 1, 0]),
  );
  expect(wishes.map(({ characterName }) => played.giftQuestionsTo(characterName))).toEqual(wishes.map(() => 1));
  const sentCloth = given.flat().reduce((sum, { items: [item] }) => sum + (item?.count ?? 0), 0);
  expect(bags().countOf(CLOTH)).toBe(clothBefore - sentCloth);
  expect(played.game.luaErrors).toEqual([]);
  const store = await Store.open(join(folder, "store"));
  // Nothing that a kill of the bridge does is a question to the streamer, or refused, or taken for a forgery.
  expect([...store.all("question"), ...store.all("refusal"), ...store.all("sending")]).toEqual([]);
  await store.close();
  const counts = { kills, seed: SEED, payouts: winners.length, gifts: wishes.length, lost: 0, sentTwice: 0 };
  process.stdout.write(`${JSON.stringify(counts)}\n`);
});

/** Whether a gift has come to its end: the API knows that its mail was sent. It may not end otherwise. */
async function isGiven({ id }: Wish): Promise<boolean> {
  const { state, delivered_at, failure_reason } = await gifts.row(id);
  expect([failure_reason, state === "Failed"]).toEqual([null, false]);
  return state === "Completed" && delivered_at !== null;
}
