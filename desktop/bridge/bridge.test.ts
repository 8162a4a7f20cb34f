import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GameStandIn } from "../../simulator/stand-in/game.ts";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { logLine, writeLines } from "../test/log-lines.ts";
import { until } from "../test/until.ts";
import { Bridge } from "./bridge.ts";
import type { BridgeAlert, BridgeOptions } from "./bridge-options.ts";
import { systemClock } from "./clock.ts";
import { desktopIdentity } from "./identity.ts";
import { Store } from "./store/store.ts";

/* The bridge between the real API and a game that obeys its commands. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

let folder: string;
let game: GameStandIn;
let typed: string[];
let alerts: BridgeAlert[];
let isGameFound: boolean;
const startedAt = Date.now() - 60_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-bridge-"));
  game = new GameStandIn({ folder, pace: { whoMs: 10, answerMs: 10, mailMs: 10 } });
  typed = [];
  alerts = [];
  isGameFound = true;
  // Nobody is active, nobody enrolled: a test may report by hand before its bridge begins, about whom it wants.
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
});
afterEach(async () => {
  game.stop();
  await rm(folder, { recursive: true });
});

interface Running {
  readonly bridge: Bridge;
  readonly store: Store;
  stop(): Promise<void>;
}

async function start(changed: Partial<BridgeOptions> = {}): Promise<Running> {
  const store = await Store.open(join(folder, "store"));
  const bridge = new Bridge({
    store,
    desktopId: await desktopIdentity(store, randomUUID),
    desktopVersion: "0.1.0",
    apiUrl: world.apiUrl,
    apiKey: world.environment.DESKTOP_API_KEYS ?? "",
    logPath: game.chatLogFile,
    desk: {
      findGame: async () => (isGameFound ? { processId: 1, startedAt } : null),
      stillForMs: async () => 60_000,
    },
    strategies: [
      {
        name: "post_message",
        type: async (line) => {
          typed.push(line);
          game.type(line);
          return { ok: true };
        },
      },
    ],
    clock: systemClock,
    alert: (alert) => alerts.push(alert),
    pollMs: 5_000,
    syncsByItself: true,
    ...changed,
  });
  // A test's own world: whoever was active before is gone.
  bridge.takeOver();
  const stopping = new AbortController();
  const running = bridge.run(stopping.signal);
  return {
    bridge,
    store,
    async stop() {
      stopping.abort();
      await running;
      await store.close();
    },
  };
}

const login = () => writeLines(game.chatLogFile, logLine("[MGM_READY]", new Date()));
const count = (name: string) => typed.filter((line) => line.startsWith(`/run ${name}(`)).length;
const withdrawn = (payoutId: string) =>
  typed.filter((line) => line.startsWith(`/run MGM_Withdraw("${payoutId}"`)).length;
async function statusOf(payoutId: string): Promise<string | undefined> {
  const { body } = await world.desktop("GET", "/api/payouts");
  return body.items.find(({ id }: { id: string }) => id === payoutId)?.status;
}

describe("the bridge", () => {
  it("leads a candidate to gold that was sent, with nobody's help", async () => {
    await login();
    const { store, stop } = await start();
    await world.say({ id: "viewer-1", displayName: "Viewer" }, "!twgold Норинн");
    await world.spin();
    await until(() => game.mails.all().length === 1);
    const { payoutId, to, copper } = game.mails.all()[0] ?? { payoutId: "" };
    expect([to, copper]).toEqual(["Норинн", 10_000_000]);
    await until(async () => (await statusOf(payoutId)) === "Sent");
    await until(() => store.all("fact").size === 0 && store.all("injected").size === 0);
    expect([
      count("MGM_Hello"),
      count("MGM_RunWhoForSpin"),
      count("NotifyWinnerWhisper"),
      count("ReceiveGold"),
    ]).toEqual([1, 1, 1, 1]);
    expect(count("MGM_Withdraw")).toBe(0);
    expect(alerts).toEqual([]);
    await stop();
  });

  it("types nothing while the game shows no world, and begins when it does", async () => {
    const { stop } = await start();
    await until(() => isLeaseHeld());
    expect(typed).toEqual([]);
    await login();
    await until(() => count("MGM_Hello") === 1);
    await stop();
  });

  it("whispers a winner once, over a restart", async () => {
    const { payoutId, characterName } = await world.win(2);
    game.silent.add(characterName);
    await login();
    const first = await start();
    await until(() => first.store.get("command", `whisper:${payoutId}`)?.state === "acknowledged");
    await first.stop();
    const second = await start();
    await until(() => count("NotifyWinnerWhisper") === 2);
    await until(() => second.store.get("command", `whisper:${payoutId}`)?.state === "acknowledged");
    // Asked again after the new hello, because nobody has answered; the addon whispers once.
    expect(game.whispers.all().filter((one) => one.payoutId === payoutId)).toHaveLength(1);
    await second.stop();
  });

  it("withdraws what it injected and does not hold any more", async () => {
    const { payoutId } = await world.win(3);
    game.stop();
    game = new GameStandIn({ folder, pace: { whoMs: 10, answerMs: 10, mailMs: 3_600_000 } });
    await login();
    const { store, stop } = await start();
    await until(() => typed.some((line) => line.startsWith("/run ReceiveGold(") && line.includes(payoutId)));
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Cancelled" }, { id: idOf(store) });
    await until(() => withdrawn(payoutId) === 1 && store.get("injected", payoutId) === undefined);
    expect(game.mails.all()).toEqual([]);
    await stop();
  });

  it("asks the streamer about what another desktop holds, and unlocks it by their word", async () => {
    const { payoutId } = await world.win(4);
    const other = randomUUID();
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", takeOver: true }, { id: other });
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" }, { id: other });
    await login();
    const { bridge, store, stop } = await start();
    await until(() => store.get("question", payoutId) !== undefined);
    expect(store.get("question", payoutId)).toMatchObject({ reason: "held_by_other_desktop" });
    expect(typed.filter((line) => line.includes("ReceiveGold") && line.includes(payoutId))).toEqual([]);
    expect(await bridge.answer(payoutId, "not_sent")).toEqual({ ok: true });
    expect(await bridge.answer(payoutId, "not_sent")).toEqual({ ok: false, code: "no_such_question" });
    // Withdrawn, and from then on like any other: the winner agrees, Sync takes it, the mail leaves.
    await until(() => game.mails.all().some((mail) => mail.payoutId === payoutId));
    expect(withdrawn(payoutId)).toBe(1);
    await until(async () => (await statusOf(payoutId)) === "Sent");
    await stop();
  });

  it("tries again what was given up, when the streamer says so", async () => {
    const { payoutId } = await world.win(5);
    await login();
    let isDeaf = true;
    const type = async (line: string) => {
      typed.push(line);
      if (!isDeaf || line.includes("MGM_Hello")) game.type(line);
      return isDeaf && !line.includes("MGM_Hello")
        ? ({ ok: false, code: "focus_lost" } as const)
        : ({ ok: true } as const);
    };
    const { bridge, stop } = await start({ strategies: [{ name: "send_input", type }] });
    const about = `whisper:${payoutId}`;
    const givenUp = () => alerts.some((alert) => "about" in alert && alert.about === about);
    await until(givenUp);
    isDeaf = false;
    bridge.retry(about);
    await until(() => game.whispers.all().some((whisper) => whisper.payoutId === payoutId));
    // Under the number that it had: an addon that heard it after all would not whisper twice.
    expect(new Set(typed.filter((line) => line.includes(payoutId) && line.includes("Notify"))).size).toBe(1);
    await stop();
  });

  it("does not sync without the game", async () => {
    const { bridge, stop } = await start({ syncsByItself: false });
    isGameFound = false;
    expect(await bridge.sync()).toEqual({ ok: false, code: "no_game" });
    isGameFound = true;
    expect(await bridge.sync()).toEqual({ ok: false, code: "not_allowed" });
    await stop();
  });
});

const idOf = (store: Store) => store.get("identity", "")?.desktopId ?? "";
async function isLeaseHeld(): Promise<boolean> {
  const { rows } = await world.database.query("select 1 from desktop_leases");
  return rows.length > 0;
}
