import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { DoomedBridge } from "../test/doomed-bridge.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { seededRandom } from "../test/seeded-random.ts";
import { drawWinner, payoutOf, type Winner } from "../test/winner.ts";
import { Store } from "./store/store.ts";

/*
 * kill -9 of the bridge at random moments of the story: between keys, between a line of the log and its fact, between a
 * request and its answer. The seed decides how many lines each bridge may type, or how long it may live, before it dies.
 * `npm run kill-bridge` does the same with more kills and other seeds.
 */

const KILLS = Number(process.env.MGM_KILLS ?? 20);
const SEED = Number(process.env.MGM_SEED ?? 20_260_404);
/** Stories that are told at the same time. */
const AT_ONCE = 2;
/** Above what the longest story takes without any kill. */
const LIMIT_MS = KILLS * 15_000;

let world: World;
let clock: HurriedClock;
let folder: string;
let played: PlayedGame;
beforeAll(async () => {
  world = await startWorld();
  clock = new HurriedClock();
  folder = await mkdtemp(join(tmpdir(), "mgm-kill-"));
  played = await PlayedGame.open({ folder, clock });
});
afterAll(async () => {
  played.stop();
  clock.stop();
  await world.stop();
  await rm(folder, { recursive: true });
});

const random = seededRandom(SEED);
const below = (limit: number) => Math.floor(random() * limit);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it(`loses nothing and does nothing twice over ${KILLS} kills`, { timeout: LIMIT_MS + 120_000 }, async () => {
  const winners: Winner[] = [];
  const told = new Set<Winner>();
  const open = () => winners.filter((winner) => !told.has(winner));
  const noteSent = async () => {
    for (const winner of open()) if ((await payoutOf(world, winner))?.status === "Sent") told.add(winner);
  };
  const fillStage = async () => {
    await noteSent();
    // One at a time is a candidate: the next is drawn when the last one was seen online.
    const last = winners.at(-1);
    const isFree = last === undefined || (await payoutOf(world, last)) !== null;
    if (open().length < AT_ONCE && isFree) winners.push(await drawWinner(world, played));
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
  for (; open().length > 0; await pause(20)) {
    await noteSent();
    if (Date.now() > end) throw new Error(`seed ${SEED}: ${open().length} of ${winners.length} payouts did not end`);
  }
  expect(await last.kill()).toBe("SIGKILL");

  const names = winners.map(({ characterName }) => characterName);
  expect(played.notOnce(names, PAYOUT_COPPER)).toEqual([]);
  expect(played.game.luaErrors).toEqual([]);
  const store = await Store.open(join(folder, "store"));
  // Nothing that a kill of the bridge does is a question to the streamer, or refused, or taken for a forgery.
  expect([...store.all("question"), ...store.all("refusal"), ...store.all("sending")]).toEqual([]);
  await store.close();
  process.stdout.write(`${JSON.stringify({ kills, seed: SEED, payouts: winners.length, lost: 0, paidTwice: 0 })}\n`);
});
