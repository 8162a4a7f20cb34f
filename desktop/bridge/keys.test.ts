import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { DoomedBridge } from "../test/doomed-bridge.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import { drawWinner, payoutOf } from "../test/winner.ts";
import { ONLY } from "./store/store.ts";

/* The secrets between bridge and addon, on a real addon, when something goes wrong with a hello. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const clock = new HurriedClock();
afterAll(() => clock.stop());
let folder: string;
let played: PlayedGame;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-keys-"));
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
});
afterEach(async () => {
  played.stop();
  await rm(folder, { recursive: true });
});

const hellos = () => played.typed.filter((line) => line.includes("MGM_Hello"));
const keyOf = (hello = "") => /"[0-9a-f]{32}","([0-9a-f]{16})"/.exec(hello)?.[1] ?? "";
const start = (changed = {}) => startBridge({ world, played, clock, folder }, changed);

/** A whole story; nothing of it may be lost or come twice. */
async function playStory(): Promise<void> {
  const winner = await clock.hold(() => drawWinner(world, played));
  await until(async () => (await payoutOf(world, winner))?.status === "Sent");
  expect(played.notOnce([winner.characterName], PAYOUT_COPPER)).toEqual([]);
}

describe("a bridge that is killed between typing a hello and reading its answer", () => {
  it("finds the answer when it is started again, and types no other", { timeout: 60_000 }, async () => {
    played = await PlayedGame.open({ folder, clock });
    const doomed = await DoomedBridge.start({ world, played, clock, folder });
    const dies = new Promise<void>((resolve) => {
      doomed.onType = () => resolve();
    });
    await dies;
    expect(await doomed.kill()).toBe("SIGKILL");
    await until(() => played.logged.includes("[MGM_HELLO"));
    const { store, stop } = await start();
    await playStory();
    expect(hellos()).toHaveLength(1);
    expect(store.get("forgeries", ONLY)).toBeUndefined();
    await stop();
  });
});

describe("two hellos whose answers lie in one block", () => {
  it("are one hello, and what was said between them counts", { timeout: 60_000 }, async () => {
    played = await PlayedGame.open({ folder, clock, game: { flushOnToggle: false } });
    const { bridge, store, stop } = await start();
    // What this client was told to write lies in its block: that it shows a world only the streamer can see.
    await until(() => bridge.view.isActive);
    bridge.sayHello();
    await until(() => hellos().length === 1);
    const typedAt = clock.now();
    await until(() => clock.now() - typedAt > 60_000);
    expect(played.logged).toBe("");
    bridge.sayHello();
    await playStory();
    const [first, second] = hellos();
    expect(hellos()).toHaveLength(2);
    expect(second?.split(",").slice(0, 2)).toEqual(first?.split(",").slice(0, 2));
    expect(store.get("trust", ONLY)?.keys).toHaveLength(1);
    await stop();
  });
});

describe("a hello that is said aloud", () => {
  it("spends its key and nonce: whoever heard it is not believed", { timeout: 60_000 }, async () => {
    played = await PlayedGame.open({ folder, clock });
    let isAloud = true;
    const type = async (line: string) => {
      // The chat box was open for talk: what should have been run is said.
      played.type(isAloud ? line.replace("/run ", "") : line);
      isAloud = false;
      return { ok: true } as const;
    };
    const { store, stop } = await start({ strategies: [{ name: "post_message", type }] });
    // It lies in the client's block at first, and the same hello is typed again: with the answer to that it is read.
    await until(() => hellos().length > 0);
    const spent = keyOf(hellos()[0]);
    await until(() => keyOf(hellos().at(-1)) !== spent);
    const forged = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    played.game.run(
      `SendSystemMessage("[MGM_CONFIRM:${forged}] #${spent}") SendSystemMessage("[MGM_SENDING:${forged}] #${spent}")`,
    );
    await playStory();
    await until(() => store.get("question", forged) !== undefined);
    // The one thing that it can do is to make us careful.
    expect(store.get("question", forged)).toMatchObject({ reason: "sending_unkeyed" });
    await until(() => store.all("fact").size === 0);
    expect(store.all("refusal").size).toBe(0);
    expect(store.get("told", `payout:${forged}:mail_sent`)).toBeUndefined();
    await stop();
  });
});
