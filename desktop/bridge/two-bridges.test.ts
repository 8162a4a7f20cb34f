import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAddonFolder } from "../../simulator/game/vm/toc.ts";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { type RunningBridge, startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import { drawWinner, payoutOf, type Winner } from "../test/winner.ts";

/* Two desktops on one channel and one game, one of which may have forgotten everything; and an addon that is replaced. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const clock = new HurriedClock();
afterAll(() => clock.stop());
let folder: string;
let played: PlayedGame;
let bridges: RunningBridge[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-two-"));
  bridges = [];
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
  const { body } = await world.desktop("GET", "/api/payouts/pending");
  for (const { id } of body) await world.desktop("PATCH", `/api/payouts/${id}/status`, { status: "Failed" });
});
afterEach(async () => {
  await Promise.all(bridges.map((one) => one.stop()));
  played.stop();
  await rm(folder, { recursive: true });
});

/** Starts a bridge of its own store, and keeps what it types apart. */
async function start(name: string, takesOver: boolean): Promise<RunningBridge & { readonly typed: string[] }> {
  const typed: string[] = [];
  const type = async (line: string) => {
    typed.push(line);
    played.type(line);
    return { ok: true } as const;
  };
  const running = await startBridge(
    { world, played, clock, folder: join(folder, name), takesOver },
    { strategies: [{ name: "post_message", type }] },
  );
  bridges.push(running);
  return { ...running, typed };
}

const isSent = async (winner: Winner) => (await payoutOf(world, winner))?.status === "Sent";
const idOf = async (winner: Winner) => (await payoutOf(world, winner))?.payoutId ?? "";
const once = (winner: Winner) => expect(played.notOnce([winner.characterName], PAYOUT_COPPER)).toEqual([]);

describe("two bridges", () => {
  it("do not both type: the second says why", { timeout: 60_000 }, async () => {
    played = await PlayedGame.open({ folder, clock });
    await start("first", true);
    await until(() => played.typed.length > 0);
    const second = await start("second", false);
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => isSent(winner));
    expect(second.typed).toEqual([]);
    expect(second.bridge.view).toMatchObject({ ban: "not_active", isActive: false });
    once(winner);
  });

  it.each([
    ["that was not mailed", false],
    ["that was mailed while nobody heard it", true],
  ] as const)("ask about gold of the first %s when the second takes over", { timeout: 60_000 }, async (_, isMailed) => {
    played = await PlayedGame.open({ folder, clock });
    played.handIsAtMailbox = false;
    const first = await start("first", true);
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => played.rows.includes("READY"));
    await first.stop();
    bridges = [];
    if (isMailed) {
      // Mailed and confirmed in the log, which the game then loses together with itself: nobody can know.
      played.handIsAtMailbox = true;
      await until(() => played.ledger.length === 1);
      played.crash();
      await rm(played.chatLogFile);
      played.restart();
    }
    const second = await start("second", true);
    const id = await idOf(winner);
    await until(() => second.store.get("question", id) !== undefined);
    expect(second.store.get("question", id)).toMatchObject({ reason: "held_by_other_desktop" });
    expect(second.typed.filter((line) => line.includes("ReceiveGold"))).toEqual([]);
    played.handIsAtMailbox = true;
    expect(await second.bridge.answer(id, isMailed ? "sent" : "not_sent")).toEqual({ ok: true });
    await until(() => isSent(winner));
    expect(played.ledger).toEqual([{ to: winner.characterName, copper: PAYOUT_COPPER }]);
  });
});

describe("a bridge that lost its store", () => {
  it("learns from the addon what the old log cannot tell it", { timeout: 60_000 }, async () => {
    played = await PlayedGame.open({ folder, clock });
    played.handIsAtMailbox = false;
    const first = await start("first", true);
    const done = await clock.hold(() => drawWinner(world, played));
    played.handIsAtMailbox = true;
    await until(() => isSent(done));
    played.handIsAtMailbox = false;
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => played.rows.includes("READY"));
    await first.stop();
    bridges = [];
    // Announced, sent and confirmed under a key that the next store does not know.
    played.handIsAtMailbox = true;
    await until(() => played.logged.split("[MGM_CONFIRM").length === 3);
    const second = await start("second", true);
    await until(() => isSent(winner));
    // Of the old mail, too, it was not sure for a while: the addon, and the API, have settled that.
    await until(() => second.store.all("question").size === 0 && second.store.all("sending").size === 0);
    expect(second.store.all("refusal").size).toBe(0);
    expect(second.typed.filter((line) => line.includes("ReceiveGold"))).toEqual([]);
    once(done);
    once(winner);
  });
});

describe("an addon that is older than the server wants", () => {
  it("hears hello, withdrawals and its version only, until it is replaced", { timeout: 60_000 }, async () => {
    const old = join(folder, "MimironsGoldOMatic");
    await cp(ADDON, old, { recursive: true });
    const core = join(old, "Core.lua");
    await writeFile(core, (await readFile(core, "utf8")).replace(/ns\.version = "[^"]+"/, 'ns.version = "0.0.9"'));
    played = await PlayedGame.open({ folder, clock, game: { addons: [old] } });
    const { bridge, typed } = await start("first", true);
    const winner = await clock.hold(() => drawWinner(world, played));
    await until(() => typed.some((line) => line.includes("MGM_UpdateStatus")));
    expect(typed.find((line) => line.includes("MGM_UpdateStatus"))).toContain('"too_old"');
    await until(() => bridge.view.ban === "addon_too_old");
    expect(typed.filter((line) => !/MGM_(?:Hello|Withdraw|UpdateStatus)\(/.test(line))).toEqual([]);

    played.replaceAddon(readAddonFolder(ADDON));
    await until(() => isSent(winner));
    once(winner);
  });
});

const ADDON = fileURLToPath(new URL("../../addon/MimironsGoldOMatic", import.meta.url));
