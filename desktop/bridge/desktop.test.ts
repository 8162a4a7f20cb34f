import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../../temporal/test/world.ts";
import { KEY, logLine, tagLine, writeLines } from "../test/log-lines.ts";
import { PlayedGame } from "../test/played-game.ts";
import { openDesktop, TestKeyring, TestScreen } from "../test/running-desktop.ts";
import { until } from "../test/until.ts";
import type { ActionData, ActionResult } from "../wire/protocol.ts";
import { systemClock } from "./clock.ts";
import type { Desktop } from "./desktop.ts";
import { filesOf } from "./settings/data-folder.ts";
import { ONLY, put, Store, StoreInUseError } from "./store/store.ts";
import { NO_TRUST } from "./trust/trust.ts";

/* The desktop as its window has it: between the real API and the real addon, everything by actions, seen in the state. */

let world: World;
let apiKey: string;
beforeAll(async () => {
  world = await startWorld();
  apiKey = world.environment.DESKTOP_API_KEYS ?? "";
});
afterAll(() => world.stop());

let folder: string;
let dataFolder: string;
let played: PlayedGame;
let screen: TestScreen;
let keyring: TestKeyring;
let desktop: Desktop;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-desktop-"));
  dataFolder = join(folder, "data");
  played = await PlayedGame.open({ folder, clock: systemClock });
  screen = new TestScreen(played);
  keyring = new TestKeyring();
  await world.database.query("delete from desktop_leases");
  await world.database.query("delete from pool_entries");
  desktop = await openDesktop({ dataFolder, screen, keyring });
});
afterEach(async () => {
  await desktop.stop();
  played.stop();
  await rm(folder, { recursive: true });
});

/** What the wizard does. */
async function setUp(): Promise<void> {
  await desktop.act({ kind: "save_api_key", apiKey });
  await desktop.act({
    kind: "save_settings",
    settings: { apiUrl: world.apiUrl, logPath: played.chatLogFile, pollSeconds: 5 },
  });
  await desktop.act({ kind: "take_over" });
}

async function reopen(): Promise<void> {
  await desktop.stop();
  screen = new TestScreen(played);
  desktop = await openDesktop({ dataFolder, screen, keyring });
}

const state = () => desktop.state();
const isReady = () => state().status.commands.ban === null;
const codes = () => state().events.map(({ code }) => code);
const alerts = () => state().alerts.map(({ code }) => code);

function dataOf<Kind extends ActionData["kind"]>(
  result: ActionResult,
  kind: Kind,
): Extract<ActionData, { kind: Kind }> {
  if (!result.ok || result.data?.kind !== kind) throw new Error(`no ${kind}: ${JSON.stringify(result)}`);
  return result.data as Extract<ActionData, { kind: Kind }>;
}

describe("a desktop that nobody has set up", () => {
  it("runs, shows so, and does what needs no connection", async () => {
    expect(state()).toMatchObject({
      setup: { isComplete: false, hasApiKey: false },
      status: { api: { state: "unknown" } },
    });
    expect(await desktop.act({ kind: "sync" })).toEqual({ ok: false, code: "not_set_up", details: {} });
    const good = await desktop.act({ kind: "test_connection", apiUrl: world.apiUrl, apiKey });
    expect(dataOf(good, "connection")).toMatchObject({ isKeyGood: true });
    const wrongKey = await desktop.act({ kind: "test_connection", apiUrl: world.apiUrl, apiKey: "another" });
    expect(dataOf(wrongKey, "connection")).toMatchObject({ isKeyGood: false });
    const nobody = await desktop.act({ kind: "test_connection", apiUrl: "http://127.0.0.1:1", apiKey });
    expect(nobody).toMatchObject({ ok: false, code: "api_network" });
    const found = await desktop.act({ kind: "test_game_folder", gameFolder: "", logPath: played.chatLogFile });
    expect(dataOf(found, "game_folder")).toMatchObject({ logPath: played.chatLogFile, hasLog: true });
    expect(screen.typed).toEqual([]);
  });

  it("works from the last click of the set-up on, and after the next start", async () => {
    await setUp();
    expect(state().setup).toMatchObject({ isComplete: true, hasApiKey: true, apiKeyStorage: "keyring" });
    await until(isReady);
    expect(state().status).toMatchObject({
      game: { isFound: true, isWorldShown: true, character: "Mimiron", realm: "Ulduar" },
      api: { state: "ok", code: null },
      lease: { isActive: true, isOtherActive: false },
      log: { isPresent: true, path: played.chatLogFile, transport: "system" },
      addon: { isNewEnough: true },
      update: { code: "current" },
    });
    await reopen();
    await until(isReady);
    expect(state().settings).toMatchObject({ apiUrl: world.apiUrl, pollSeconds: 5 });
  });

  it("may be set up by clicks that follow each other at once", async () => {
    await Promise.all([
      desktop.act({ kind: "save_api_key", apiKey }),
      desktop.act({ kind: "save_settings", settings: { logPath: played.chatLogFile } }),
      desktop.act({ kind: "save_settings", settings: { apiUrl: world.apiUrl } }),
    ]);
    await until(() => state().status.lease.isActive && state().status.log.isPresent);
  });

  it("keeps the key out of state, files and log", async () => {
    await setUp();
    await until(isReady);
    await desktop.act({ kind: "save_settings", settings: { apiUrl: "http://127.0.0.1:1" } });
    await until(() => state().status.api.state === "unreachable");
    expect(JSON.stringify(state())).not.toContain(apiKey);
    await desktop.stop();
    for (const entry of await readdir(dataFolder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      expect((await readFile(join(entry.parentPath, entry.name))).includes(apiKey)).toBe(false);
    }
    desktop = await openDesktop({ dataFolder, screen: new TestScreen(played), keyring });
  });

  it("is alerted to a key that lies in a file", async () => {
    keyring.storage = "encrypted_file";
    await setUp();
    await until(() => alerts().includes("api_key_in_file"));
    expect(state().setup.apiKeyStorage).toBe("encrypted_file");
    expect(await desktop.act({ kind: "dismiss_alert", id: "api_key_in_file" })).toMatchObject({ ok: true });
    await until(() => codes().includes("hello_answered"));
    expect(alerts()).not.toContain("api_key_in_file");
  });

  it("has its data folder for itself", async () => {
    await expect(openDesktop({ dataFolder, screen: new TestScreen(null) })).rejects.toBeInstanceOf(StoreInUseError);
  });
});

describe("a payout in the window", () => {
  it("is led to Sent by the streamer's two clicks", async () => {
    await setUp();
    await until(isReady);
    played.meet("Норинн");
    await world.say({ id: "viewer-1", displayName: "Viewer" }, "!twgold Норинн");
    const { spinCycleId } = await world.spin();
    await desktop.act({ kind: "refresh" });
    await until(() => state().sync.count === 1);
    const [row] = state().payouts;
    expect(row).toMatchObject({
      characterName: "Норинн",
      spinCycleId,
      status: "Pending",
      isWhispered: true,
      isOurs: false,
      isInjected: false,
    });
    const id = row?.id ?? "";
    expect(dataOf(await desktop.act({ kind: "sync" }), "items").items).toEqual([{ id, ok: true, code: null }]);
    await until(() => state().payouts.length === 0 && state().status.mailbox.lastMailAt !== null);
    const { body } = await world.desktop("GET", "/api/payouts?status=Sent");
    expect(body.items.map((one: { id: string }) => one.id)).toContain(id);
    await until(() => codes().includes("payout_over"));
    const story = [
      "candidate_drawn",
      "candidate_online",
      "payout_seen",
      "winner_whispered",
      "winner_accepted",
      "payout_in_progress",
      "gold_named",
      "mail_sending",
      "mail_sent",
      "payout_over",
    ];
    expect(codes().filter((code) => story.includes(code))).toEqual(story);
    expect(state().events.find(({ code }) => code === "payout_seen")?.details).toEqual({ characterName: "Норинн", id });
    expect(state().status.log.delayMs).not.toBeNull();
    expect(await desktop.act({ kind: "sync" })).toMatchObject({ ok: false, code: "nothing_to_sync" });
  });

  it("is changed by hand, each with a result of its own", async () => {
    const first = await world.win(11);
    const second = await world.win(12);
    played.silent.add(first.characterName).add(second.characterName);
    await setUp();
    await until(() => state().payouts.length === 2);
    const unknown = randomUUID();
    const ids = [first.payoutId, unknown, second.payoutId];
    const cancelled = dataOf(await desktop.act({ kind: "change_payouts", ids, change: "cancel" }), "items").items;
    expect(cancelled).toEqual([
      { id: first.payoutId, ok: true, code: null },
      { id: unknown, ok: false, code: "not_found" },
      { id: second.payoutId, ok: true, code: null },
    ]);
    await until(() => state().payouts.length === 0);
    const again = await desktop.act({ kind: "change_payouts", ids: [first.payoutId], change: "mark_failed" });
    expect(dataOf(again, "items").items[0]).toMatchObject({ ok: false, code: "terminal_status_change_not_allowed" });
  });

  it("that another desktop holds is unlocked by way of the question, not around it", async () => {
    const { payoutId, characterName } = await world.win(13);
    played.silent.add(characterName);
    const other = { id: randomUUID() };
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", takeOver: true }, other);
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "InProgress" }, other);
    await setUp();
    await until(() => state().questions.length === 1);
    expect(state().questions[0]).toMatchObject({
      id: payoutId,
      about: "payout",
      reason: "held_by_other_desktop",
      characterName,
      goldAmount: 1_000,
    });
    const unlocked = await desktop.act({ kind: "change_payouts", ids: [payoutId], change: "unlock" });
    expect(dataOf(unlocked, "items").items[0]).toMatchObject({ ok: false, code: "answer_the_question" });
    expect(await desktop.act({ kind: "answer_question", id: payoutId, answer: "not_sent" })).toMatchObject({
      ok: true,
    });
    await until(() => state().questions.length === 0 && state().payouts[0]?.status === "Pending");
    expect(await desktop.act({ kind: "answer_question", id: payoutId, answer: "sent" })).toMatchObject({
      ok: false,
      code: "no_such_question",
    });
    await desktop.act({ kind: "change_payouts", ids: [payoutId], change: "cancel" });
  });

  it("that needs attention is shown until it is settled", async () => {
    const { payoutId } = await world.win(14);
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Cancelled" });
    await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    await setUp();
    await until(() => state().status.api.state === "ok");
    await desktop.lookForAttention();
    expect(state().payouts).toMatchObject([{ id: payoutId, status: "Cancelled", needsAttention: true }]);
    const settled = await desktop.act({ kind: "settle_payout", id: payoutId, note: "he may keep it" });
    expect(settled).toMatchObject({ ok: true });
    expect(state().payouts).toEqual([]);
  });
});

describe("the way to the game", () => {
  it("is measured by a hello, and by a whisper to oneself", async () => {
    await setUp();
    // As quickly as clicks can follow each other: a check that is done has left nothing that hinders the next.
    const hello = dataOf(await desktop.act({ kind: "measure_log" }), "hello");
    expect(hello).toMatchObject({ character: "Mimiron", realm: "Ulduar", addonVersion: "0.1.0" });
    expect(hello.delayMs).toBeGreaterThanOrEqual(0);
    dataOf(await desktop.act({ kind: "test_whisper" }), "measured");
    expect(played.game.player("Mimiron").whispers.some(({ text }) => text.startsWith("MGM"))).toBe(true);
    expect(state().forgeries.total).toBe(0);
  });

  it("is not tried while it may not be used", async () => {
    await setUp();
    await until(isReady);
    screen.windows = [];
    await until(() => state().status.commands.ban === "no_game");
    expect(await desktop.act({ kind: "measure_log" })).toMatchObject({ ok: false, code: "no_game" });
    expect(await desktop.act({ kind: "test_whisper" })).toMatchObject({ ok: false, code: "no_game" });
    expect(await desktop.act({ kind: "sync" })).toMatchObject({ ok: false, code: "no_game" });
    expect(state().sync.disabledBy).toBe("no_game");
  });

  it("waits for the streamer's choice among several windows, and remembers it", async () => {
    screen.windows = [
      { id: "1", title: "World of Warcraft", processId: 1 },
      { id: "2", title: "World of Warcraft", processId: 2 },
    ];
    await setUp();
    await until(() => alerts().includes("several_windows"));
    expect(screen.typed).toEqual([]);
    expect(await desktop.act({ kind: "pick_window", windowId: "3" })).toMatchObject({
      ok: false,
      code: "no_such_window",
    });
    expect(await desktop.act({ kind: "pick_window", windowId: "2" })).toMatchObject({ ok: true });
    await until(() => !alerts().includes("several_windows"));
    await until(isReady);
    await reopen();
    expect(state().settings.gameWindow).toBe("2");
  });

  it("leads to another log at once when the streamer says so", async () => {
    await setUp();
    await until(isReady);
    await desktop.act({ kind: "save_settings", settings: { logPath: join(folder, "elsewhere", "WoWChatLog.txt") } });
    await until(() => alerts().includes("log_missing"));
    await desktop.act({ kind: "save_settings", settings: { logPath: played.chatLogFile } });
    await until(() => isReady() && !alerts().includes("log_missing"));
  });

  it("is not typed on by a desktop below the version that the API works with", async () => {
    await desktop.stop();
    desktop = await openDesktop({ dataFolder, screen, keyring }, { desktopVersion: "0.0.9" });
    screen.windows = [{ id: "1", title: "World of Warcraft", processId: 1 }];
    await setUp();
    await until(() => alerts().includes("desktop_too_old"));
    expect(state().status.update.code).toBe("too_old");
    await until(() => state().status.commands.ban === "desktop_too_old" && state().status.log.isPresent);
    const typed = screen.typed.length;
    expect(await desktop.act({ kind: "measure_log" })).toMatchObject({ ok: false, code: "desktop_too_old" });
    expect(screen.typed).toHaveLength(typed);
  });
});

describe("what went wrong", () => {
  it("is tried again by a click on its alert", async () => {
    const { payoutId, characterName } = await world.win(15);
    played.meet(characterName);
    played.silent.add(characterName);
    await desktop.act({ kind: "save_settings", settings: { commandAttempts: 1 } });
    screen.takesOnly = "MGM_Hello";
    await setUp();
    const id = `command_failed:whisper:${payoutId}`;
    await until(() => state().alerts.some((alert) => alert.id === id && alert.canRetry));
    expect(state().alerts.find((alert) => alert.id === id)?.details.fault).toBe("focus_lost");
    screen.takesOnly = null;
    expect(await desktop.act({ kind: "retry_alert", id })).toMatchObject({ ok: true });
    await until(() => state().payouts.some((row) => row.id === payoutId && row.isWhispered));
    expect(state().alerts.map((alert) => alert.id)).not.toContain(id);
    expect(await desktop.act({ kind: "retry_alert", id })).toMatchObject({ ok: false, code: "no_such_alert" });
    await desktop.act({ kind: "change_payouts", ids: [payoutId], change: "cancel" });
  });

  it("with a fact that the API refuses is listed, and sent again by hand", async () => {
    await desktop.stop();
    const store = await Store.open(filesOf(dataFolder).store);
    await store.commit([put("trust", ONLY, { ...NO_TRUST, keys: [{ key: KEY, savedAt: 0, isSpent: false }] })]);
    await store.close();
    const log = join(folder, "another.txt");
    const id = randomUUID();
    await writeLines(log, tagLine({ name: "CONFIRM", id }), logLine(`Eve says: [MGM_CONFIRM:${randomUUID()}] #${KEY}`));
    desktop = await openDesktop({ dataFolder, screen: new TestScreen(null), keyring });
    await desktop.act({ kind: "save_api_key", apiKey });
    await desktop.act({ kind: "save_settings", settings: { apiUrl: world.apiUrl, logPath: log } });
    await until(() => state().refusals.length === 1);
    const [refused] = state().refusals;
    expect(refused).toMatchObject({ kind: "mail_sent", id, code: "not_found" });
    await until(() => alerts().includes("fact_refused"));
    const factNumber = refused?.number ?? 0;
    expect(await desktop.act({ kind: "send_again", factNumber })).toMatchObject({ ok: true });
    await until(() => state().refusals.some(({ number }) => number > factNumber));
    expect(await desktop.act({ kind: "send_again", factNumber })).toMatchObject({ code: "no_such_refusal" });
    expect(state().forgeries).toMatchObject({ total: 1, recent: [{ reason: expect.any(String) }] });
    await until(() => codes().includes("forged_lines"));
    // The next beat tells the server how many there were.
    await eventually(async () => {
      const { rowCount } = await world.database.query("select from desktops where forged_lines = 1");
      return rowCount === 1;
    });
    expect(JSON.stringify(state())).not.toContain(KEY);
  });
});

it("tells the addon how its version stands when the streamer asks in the game", async () => {
  await setUp();
  await until(isReady);
  played.game.command("/mgm update");
  await until(() => screen.typed.some((line) => line.startsWith('/run MGM_UpdateStatus("0.1.0","0.1.0","current"')));
});

describe("who else is there", () => {
  it("shows when another desktop is active, and takes over by a click", async () => {
    const other = { id: randomUUID() };
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "0.1.0", takeOver: true }, other);
    await desktop.act({ kind: "save_api_key", apiKey });
    await desktop.act({ kind: "save_settings", settings: { apiUrl: world.apiUrl, logPath: played.chatLogFile } });
    await until(() => state().status.lease.isOtherActive);
    expect(state().status.commands.ban).toBe("not_active");
    await desktop.act({ kind: "take_over" });
    await until(() => state().status.lease.isActive);
    expect(codes()).toContain("lease_gained");
  });

  it("counts down to the API's next spin, also while the spins are paused", async () => {
    await setUp();
    await until(() => state().spin.nextSpinAt !== null);
    expect(state().spin.isPaused).toBe(false);
    await world.database.query("insert into channels (broadcaster_id, paused) values ($1, true)", [
      world.broadcasterId,
    ]);
    await desktop.act({ kind: "refresh" });
    await until(() => state().spin.isPaused);
    expect(state().spin.nextSpinAt).toBeNull();
    await world.database.query("delete from channels where broadcaster_id = $1", [world.broadcasterId]);
  });
});

it("says when the API refuses the key", async () => {
  await desktop.act({ kind: "save_api_key", apiKey: "another" });
  await desktop.act({ kind: "save_settings", settings: { apiUrl: world.apiUrl } });
  await until(() => state().status.api.state === "refused");
  expect(state().status.api.code).toBe("forbidden_apikey");
  await until(() => alerts().includes("poll_failed"));
  await desktop.act({ kind: "save_api_key", apiKey });
  await until(() => state().status.api.state === "ok" && !alerts().includes("poll_failed"));
});

it("ends when its store is broken", async () => {
  let failure: unknown = null;
  await desktop.stop();
  const another = await openDesktop(
    { dataFolder, screen, keyring },
    {
      onFailure: (fault) => {
        failure = fault;
      },
    },
  );
  await another.store.close();
  await another.act({ kind: "clear_events" });
  another.events.note({ level: "info", code: "settings_saved", details: { names: "" } }, 0);
  await until(() => failure !== null);
  desktop = await openDesktop({ dataFolder, screen: new TestScreen(played), keyring });
});
