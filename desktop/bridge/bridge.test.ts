import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { HurriedClock } from "../test/hurried-clock.ts";
import { PlayedGame } from "../test/played-game.ts";
import { startBridge } from "../test/running-bridge.ts";
import { until } from "../test/until.ts";
import type { BridgeOptions } from "./bridge-options.ts";
import type { Store } from "./store/store.ts";

/* The bridge between the real API and a real client's addon: typed keys, chat box, addon, log file, bridge. */

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
  folder = await mkdtemp(join(tmpdir(), "mgm-bridge-"));
  played = await PlayedGame.open({ folder, clock, game: { login: false } });
  // Nobody is active, nobody enrolled: a test may report by hand before its bridge begins, about whom it wants.
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
});
afterEach(async () => {
  played.stop();
  await rm(folder, { recursive: true });
});

const start = (changed: Partial<BridgeOptions> = {}) => startBridge({ world, played, clock, folder }, changed);
const login = () => played.game.login();
const count = (name: string) => played.typed.filter((line) => line.startsWith(`/run ${name}(`)).length;
const withdrawn = (payoutId: string) =>
  played.typed.filter((line) => line.startsWith(`/run MGM_Withdraw("${payoutId}"`)).length;
async function statusOf(payoutId: string): Promise<string | undefined> {
  const { body } = await world.desktop("GET", "/api/payouts");
  return body.items.find(({ id }: { id: string }) => id === payoutId)?.status;
}
/** An active payout whose winner lives on the realm. */
async function win(variant: number) {
  const won = await clock.hold(() => world.win(variant));
  played.meet(won.characterName);
  return won;
}

describe("the bridge", () => {
  it("leads a candidate to gold that was sent, with nobody's help", async () => {
    login();
    played.meet("Норинн");
    const { store, alerts, stop } = await start();
    await world.say({ id: "viewer-1", displayName: "Viewer" }, "!twgold Норинн");
    const { spinCycleId } = await world.spin();
    await until(() => played.ledger.length === 1);
    const { body } = await world.desktop("GET", "/api/payouts");
    const { id } = body.items.find((payout: { spinCycleId: string }) => payout.spinCycleId === spinCycleId);
    await until(async () => (await statusOf(id)) === "Sent");
    await until(() => store.all("fact").size === 0 && store.all("injected").size === 0);
    expect(played.notOnce(["Норинн"], PAYOUT_COPPER)).toEqual([]);
    const leftAt = store.get("mailbox", "")?.lastMailAt ?? 0;
    expect(Math.abs(clock.now() - leftAt)).toBeLessThan(3_600_000);
    expect([
      count("MGM_Hello"),
      count("MGM_RunWhoForSpin"),
      count("NotifyWinnerWhisper"),
      count("ReceiveGold"),
    ]).toEqual([1, 1, 1, 1]);
    expect(count("MGM_Withdraw")).toBe(0);
    expect(alerts).toEqual([]);
    expect(played.game.luaErrors).toEqual([]);
    await stop();
  });

  it("types nothing while the game shows no world, and begins when it does", async () => {
    const { stop } = await start();
    await until(() => isLeaseHeld());
    expect(played.typed).toEqual([]);
    login();
    await until(() => count("MGM_Hello") === 1);
    await stop();
  });

  it("whispers a winner once, over a restart", async () => {
    const { payoutId, characterName } = await win(2);
    played.silent.add(characterName);
    login();
    const first = await start();
    await until(() => first.store.get("command", `whisper:${payoutId}`)?.state === "acknowledged");
    await first.stop();
    const second = await start();
    await until(() => count("NotifyWinnerWhisper") === 2);
    await until(() => second.store.get("command", `whisper:${payoutId}`)?.state === "acknowledged");
    // Asked again after the new hello, because nobody has answered; the addon whispers once.
    expect(played.questionsTo(characterName)).toBe(1);
    await second.stop();
  });

  it("withdraws what it injected and does not hold any more", async () => {
    const { payoutId } = await win(3);
    played.handIsAtMailbox = false;
    login();
    const { store, stop } = await start();
    await until(() => played.typed.some((line) => line.startsWith("/run ReceiveGold(") && line.includes(payoutId)));
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Cancelled" }, { id: idOf(store) });
    await until(() => withdrawn(payoutId) === 1 && store.get("injected", payoutId) === undefined);
    expect(played.game.evaluate("return #MimironsGoldOMaticDB.mail.rows")).toEqual([0]);
    expect(played.ledger).toEqual([]);
    await stop();
  });

  it("asks the streamer about what another desktop holds, and unlocks it by their word", async () => {
    const { payoutId, characterName } = await win(4);
    const other = randomUUID();
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", takeOver: true }, { id: other });
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" }, { id: other });
    login();
    const { bridge, store, stop } = await start();
    await until(() => store.get("question", payoutId) !== undefined);
    expect(store.get("question", payoutId)).toMatchObject({ reason: "held_by_other_desktop" });
    expect(played.typed.filter((line) => line.includes("ReceiveGold") && line.includes(payoutId))).toEqual([]);
    expect(await bridge.answer(payoutId, "not_sent")).toEqual({ ok: true });
    expect(await bridge.answer(payoutId, "not_sent")).toEqual({ ok: false, code: "no_such_question" });
    // Withdrawn, and from then on like any other: the winner agrees, Sync takes it, the mail leaves.
    await until(async () => (await statusOf(payoutId)) === "Sent");
    expect(withdrawn(payoutId)).toBe(1);
    expect(played.notOnce([characterName], PAYOUT_COPPER)).toEqual([]);
    await stop();
  });

  it("tries again what was given up, when the streamer says so", async () => {
    const { payoutId, characterName } = await win(5);
    login();
    let isDeaf = true;
    const attempts: string[] = [];
    const type = async (line: string) => {
      attempts.push(line);
      if (!isDeaf || line.includes("MGM_Hello")) played.type(line);
      return isDeaf && !line.includes("MGM_Hello")
        ? ({ ok: false, code: "focus_lost" } as const)
        : ({ ok: true } as const);
    };
    const { bridge, alerts, stop } = await start({ strategies: [{ name: "send_input", type }] });
    const about = `whisper:${payoutId}`;
    const givenUp = () => alerts.some((alert) => "about" in alert && alert.about === about);
    await until(givenUp);
    isDeaf = false;
    bridge.retry(about);
    await until(() => played.questionsTo(characterName) === 1);
    // Under the number that it had: an addon that heard it after all would not whisper twice.
    expect(new Set(attempts.filter((line) => line.includes(payoutId) && line.includes("Notify"))).size).toBe(1);
    await stop();
  });

  it("does not sync without the game", async () => {
    const { bridge, stop } = await start({ syncsByItself: false });
    played.crash();
    expect(await bridge.sync()).toEqual({ ok: false, code: "no_game" });
    played.game.start();
    expect(await bridge.sync()).toEqual({ ok: false, code: "not_allowed" });
    await stop();
  });
});

const idOf = (store: Store) => store.get("identity", "")?.desktopId ?? "";
async function isLeaseHeld(): Promise<boolean> {
  const { rows } = await world.database.query("select 1 from desktop_leases");
  return rows.length > 0;
}
