import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BridgeView } from "../bridge-view.ts";
import { drop, put, Store } from "../store/store.ts";
import { Alarm, type AlarmConditions } from "./alarm.ts";
import { AlertBoard } from "./alert-board.ts";
import { EventLog } from "./event-log.ts";
import { Memory } from "./memory.ts";

const NOW = 1_775_304_000_000;
const ID = "11111111-1111-4111-8111-111111111111";
const VIEW: BridgeView = {
  game: { processId: 1, startedAt: 0 },
  isWorldShown: true,
  isLogPresent: true,
  hello: null,
  isAddonNewEnough: null,
  isDesktopTooOld: false,
  spins: null,
  isActive: true,
  waiting: [],
  ban: null,
  syncable: [],
};

let folder: string;
let store: Store;
let alerts: AlertBoard;
let events: EventLog;
let memory: Memory;
let alarm: Alarm;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-alarm-"));
  store = await Store.open(join(folder, "store"));
  alerts = new AlertBoard();
  events = new EventLog(store);
  memory = new Memory();
  alarm = new Alarm({ store, alerts, events });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const ids = () => alerts.cards.map(({ id }) => id).toSorted();
const check = (changed: Partial<AlarmConditions>, at = NOW) =>
  alarm.check({ bridge: VIEW, memory, logPath: "/log", isApiKeyInFile: false, inputFault: null, ...changed }, at);

describe("what the bridge tells", () => {
  it("is shown until it is over", async () => {
    await store.commit([put("failure", ID, { at: NOW })]);
    alarm.hear({ code: "hands_busy", about: "hello" }, NOW);
    alarm.hear({ code: "delivery_held", reason: "network" }, NOW);
    alarm.hear({ code: "delivery_held", reason: "rate_limited" }, NOW);
    alarm.hear({ code: "log_unreadable" }, NOW);
    alarm.hear({ code: "poll_failed" }, NOW);
    alarm.hear({ code: "mail_failed", id: ID }, NOW);
    alarm.hear({ code: "command_failed", about: `whisper:${ID}`, fault: "no_window" }, NOW);
    expect(ids()).toEqual([
      `command_failed:whisper:${ID}`,
      "delivery_held:network",
      "delivery_held:rate_limited",
      "hands_busy",
      "log_unreadable",
      `mail_failed:${ID}`,
      "poll_failed",
    ]);
    alarm.see({ kind: "command", command: { phase: "typing", about: "hello", strategy: "send_input" } });
    alarm.hear({ code: "delivery_resumed" }, NOW);
    alarm.see({ kind: "talk", text: "" });
    alarm.see({ kind: "payouts", payouts: [] });
    expect(ids()).toEqual([`command_failed:whisper:${ID}`, `mail_failed:${ID}`]);
    await store.commit([drop("failure", ID)]);
    check({});
    alarm.see({
      kind: "command",
      command: { phase: "acknowledged", about: `whisper:${ID}`, at: NOW, delayMs: 1 },
    });
    expect(ids()).toEqual([]);
  });

  it("can be tried again where somebody would do it", () => {
    alarm.hear({ code: "command_failed", about: `whisper:${ID}`, fault: "no_window" }, NOW);
    alarm.hear({ code: "command_failed", about: "hello", fault: "no_window" }, NOW);
    alarm.hear({ code: "fact_refused", factNumber: 7, refusal: "not_found" }, NOW);
    expect(Object.fromEntries(alerts.cards.map(({ id, canRetry }) => [id, canRetry]))).toEqual({
      [`command_failed:whisper:${ID}`]: true,
      "command_failed:hello": false,
      "fact_refused:7": true,
    });
    expect(events.rows.map(({ code }) => code)).toEqual(["fact_refused"]);
  });
});

describe("what is so", () => {
  const hello = {
    addonVersion: "0.0.1",
    character: "Mimiron",
    realm: "Ulduar",
    locale: "enUS",
    transport: "system",
    whisperFormat: "%s whispers: ",
    bangSwallowed: false,
  } as const;

  it("is an addon or a desktop that is too old, with the version that is needed", () => {
    memory.version = { version: "1.0.0", minimumAddonVersion: "0.1.0", minimumDesktopVersion: "0.2.0" };
    check({ bridge: { ...VIEW, hello, isAddonNewEnough: false, isDesktopTooOld: true } });
    expect(alerts.get("addon_too_old")?.details).toEqual({ version: "0.0.1", minimum: "0.1.0" });
    expect(alerts.get("desktop_too_old")?.details).toEqual({ minimum: "0.2.0" });
    check({ bridge: { ...VIEW, hello, isAddonNewEnough: true } });
    expect(ids()).toEqual([]);
  });

  it("is no old addon as long as nobody knows which one is needed", () => {
    check({ bridge: { ...VIEW, hello, isAddonNewEnough: false } });
    expect(ids()).toEqual([]);
  });

  it("is a machine that cannot type", () => {
    check({ inputFault: "no_display" });
    expect(alerts.get("input_unavailable")?.details).toEqual({ fault: "no_display" });
  });

  it("is a log that is missing for a while, and was found", () => {
    const lost = { ...VIEW, isLogPresent: false };
    check({});
    check({ bridge: lost }, NOW + 1_000);
    check({ bridge: lost }, NOW + 5_000);
    expect(ids()).toEqual([]);
    check({ bridge: lost }, NOW + 6_000);
    expect(ids()).toEqual(["log_missing"]);
    check({}, NOW + 7_000);
    expect(ids()).toEqual([]);
    expect(events.rows.map(({ code }) => code)).toEqual(["log_found", "log_lost", "log_found"]);
  });

  it("is a mail that did not leave, after a restart too, until it is tried again", async () => {
    await store.commit([put("payout", ID, { characterName: "Norinn", at: NOW }), put("failure", ID, { at: NOW })]);
    check({});
    expect(alerts.get(`mail_failed:${ID}`)?.details).toEqual({ characterName: "Norinn", id: ID });
    expect(alerts.dismiss(`mail_failed:${ID}`)).toBe(true);
    check({});
    expect(ids()).toEqual([]);
    await store.commit([drop("failure", ID)]);
    check({});
    await store.commit([put("failure", ID, { at: NOW + 1 })]);
    check({});
    expect(ids()).toEqual([`mail_failed:${ID}`]);
  });

  it("is nothing about the log while nobody reads it", () => {
    for (const at of [0, 10_000]) check({ bridge: null }, NOW + at);
    for (const at of [20_000, 30_000]) check({ bridge: { ...VIEW, isLogPresent: false }, logPath: null }, NOW + at);
    expect([ids(), events.rows]).toEqual([[], []]);
  });
});
