import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WindowKey } from "../../../simulator/game/window/window-key.ts";
import * as commands from "../../bridge/commands/command-text.ts";
import type { GameProcess, TypingResult } from "../../bridge/commands/input.ts";
import type { GameSight } from "../../bridge/input/game-desk.ts";
import { until } from "../until.ts";
import type { ProgramPort } from "./line-port.ts";
import { TypedGame } from "./typed-game.ts";
import { WindowsMachine } from "./windows-programs.ts";

/*
 * The bridge's input in Node for Windows, with koffi and robotjs for Windows, and windows of Windows in programs of
 * their own, all under Wine. The keys that reach the game's window go to a game with the real addon.
 */

const GOLD_COPPER = 10_000_000;
const LONG_MS = 2_000;

let machine: WindowsMachine;
let game: TypedGame;
let gameProgram: ProgramPort;
let otherProgram: ProgramPort;
let bridge: ProgramPort;
let gameStarted: { readonly after: number; readonly before: number };
let typedElsewhere: number;
let number = 100;

beforeAll(async () => {
  machine = await WindowsMachine.start(null);
  game = await TypedGame.start();
  const after = Date.now();
  gameProgram = await machine.run("windows-window-main.ts");
  gameStarted = { after, before: Date.now() };
  otherProgram = await machine.run("windows-window-main.ts");
  bridge = await machine.run("windows-bridge-main.ts");
  gameProgram.onTold = (told) => game.press((told as { readonly key: WindowKey }).key);
  otherProgram.onTold = () => {
    typedElsewhere += 1;
  };
});
afterAll(async () => {
  for (const program of [gameProgram, otherProgram, bridge]) program?.hangUp();
  await machine?.stop();
  game?.stop();
});

beforeEach(async () => {
  typedElsewhere = 0;
  await gameProgram.ask("open", "game", "GxWindowClassD3d", "World of Warcraft");
  await otherProgram.ask("open", "other", "Editor", "Untitled");
  await otherProgram.ask("toFront", "other");
});
afterEach(async () => {
  await bridge.ask("choose", null);
  if (game.game.keyboard.focus !== undefined) game.game.keyboard.pressEscape();
});

function command(text: commands.CommandText): string {
  number += 1;
  return commands.formatCommand(text, number);
}
const whisper = () => command(commands.whisperWinner(randomUUID(), "Норинн"));
const received = () => game.game.player("Норинн").whispers.length;
const look = () => bridge.ask<GameSight>("look");
const isInFront = (program: ProgramPort, name: string) => program.ask<boolean>("isInFront", name);

describe.each(["post_message", "send_input"] as const)("on Windows, by %s", (strategy) => {
  const type = (line: string) => bridge.ask<TypingResult>("type", strategy, line);

  it("types a Cyrillic name into the game behind another window, which stays in front and gets nothing", async () => {
    const before = received();
    expect(await type(whisper())).toEqual({ ok: true });
    await game.acknowledged(number);
    await until(() => received() === before + 1);
    await until(() => isInFront(otherProgram, "other"));
    expect(typedElsewhere).toBe(0);
  });

  it("types gold in as many lines as it takes", async () => {
    const entries = Array.from({ length: 8 }, () => ({
      payoutId: randomUUID(),
      characterName: "Норинн",
      copper: GOLD_COPPER,
    }));
    const lines = commands.receiveGold(entries);
    expect(lines.length).toBeGreaterThan(2);
    for (const { command: text } of lines) {
      expect(await type(command(text))).toEqual({ ok: true });
      await game.acknowledged(number);
    }
    expect(game.queued()).toEqual(expect.arrayContaining(entries.map(({ payoutId }) => payoutId)));
  });

  it("gets out of a box that was left open, once the addon was silent", async () => {
    const line = whisper();
    const before = received();
    game.game.keyboard.pressEnter();
    expect(await type(line)).toEqual({ ok: true });
    await frames(3);
    expect(received()).toBe(before);
    expect(await type(line)).toEqual({ ok: true });
    await game.acknowledged(number);
  });

  it("stops when it is told to, and leaves no half line", async () => {
    const { typing } = await paused(() => type(whisper()));
    await bridge.ask("abort");
    await bridge.ask("goOn");
    expect(await typing).toEqual({ ok: false, code: "input_failed" });
    await until(() => game.game.keyboard.focus === undefined);
    expect(await type(whisper())).toEqual({ ok: true });
    await game.acknowledged(number);
  });

  it("knows when the window goes in the middle, and that it was gone before", async () => {
    const { typing } = await paused(() => type(whisper()));
    await gameProgram.ask("close", "game");
    await bridge.ask("goOn");
    expect(await typing).toEqual({ ok: false, code: strategy === "post_message" ? "no_window" : "focus_lost" });
    expect(await type(whisper())).toEqual({ ok: false, code: "no_window" });
    expect(typedElsewhere).toBe(0);
  });

  it("waits for the streamer to pick one of two games", async () => {
    await otherProgram.ask("open", "second", "GxWindowClassOpenGl", "World of Warcraft");
    const { windows, picked } = await look();
    expect([windows.length, picked]).toEqual([2, null]);
    expect(await type(whisper())).toEqual({ ok: false, code: "no_window" });
    const gameProcess = await gameProgram.ask<number>("processId");
    await bridge.ask("choose", windows.find(({ processId }) => processId === gameProcess)?.id);
    expect(await type(whisper())).toEqual({ ok: true });
    await game.acknowledged(number);
    expect(typedElsewhere).toBe(0);
    await otherProgram.ask("close", "second");
  });
});

describe("on Windows, by the keyboard", () => {
  it("stops when something else comes to the front, and drops the half line before it types again", async () => {
    const line = whisper();
    const before = received();
    const { typing } = await paused(() => bridge.ask<TypingResult>("type", "send_input", line));
    await otherProgram.ask("toFront", "other");
    await bridge.ask("goOn");
    expect(await typing).toEqual({ ok: false, code: "focus_lost" });
    await until(() => game.game.keyboard.focus === "ChatFrame1EditBox");
    expect(typedElsewhere).toBe(0);
    expect(await bridge.ask("type", "send_input", line)).toEqual({ ok: true });
    await game.acknowledged(number);
    await until(() => received() === before + 1);
  });

  it("does not take its own keys for the person's", async () => {
    await otherProgram.ask("tapKey");
    await bridge.ask("type", "send_input", whisper());
    await game.acknowledged(number);
    await until(async () => (await bridge.ask<number>("stillForMs")) > LONG_MS);
    await bridge.ask("type", "send_input", whisper());
    expect(await bridge.ask<number>("stillForMs")).toBeGreaterThan(LONG_MS);
    await otherProgram.ask("tapKey");
    expect(await bridge.ask<number>("stillForMs")).toBeLessThan(LONG_MS);
  });
});

describe("the game's process on Windows", () => {
  it("is found with the time at which it was started", async () => {
    const found = await bridge.ask<GameProcess>("findGame");
    expect(found.processId).toBe(await gameProgram.ask("processId"));
    expect(found.startedAt).toBeGreaterThanOrEqual(gameStarted.after);
    expect(found.startedAt).toBeLessThanOrEqual(gameStarted.before);
  });

  it("is not found when its window is gone", async () => {
    await gameProgram.ask("close", "game");
    expect(await bridge.ask("findGame")).toBeNull();
  });
});

/** Begins to type, and holds it in the middle of the line. */
async function paused(begin: () => Promise<TypingResult>): Promise<{ readonly typing: Promise<TypingResult> }> {
  await bridge.ask("holdNextBreath");
  const typing = begin();
  await bridge.ask("held");
  return { typing };
}

/** Lets the game render. */
async function frames(count: number): Promise<void> {
  const at = game.game.clock.nowMs;
  await until(() => game.game.clock.nowMs >= at + (count * 1_000) / 30);
}
