import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WindowKey } from "../../../simulator/game/window/window-key.ts";
import { openX11Window, type X11Window } from "../../../simulator/game/window/x11-window.external.ts";
import { systemClock } from "../../bridge/clock.ts";
import * as commands from "../../bridge/commands/command-text.ts";
import type { TypingResult } from "../../bridge/commands/input.ts";
import { createInput, type Input } from "../../bridge/input/create-input.ts";
import { BREATH_MS } from "../../bridge/input/type-line.ts";
import { connectToX, type XConnection, type XExtensions } from "../../bridge/input/x11/x-connection.external.ts";
import { until } from "../until.ts";
import { PausingClock } from "./pausing-clock.ts";
import { TypedGame } from "./typed-game.ts";
import { type Screen, startScreen } from "./xvfb.ts";

/* robotjs types into a real window of X, named as Wine names the client's, which feeds a game with the real addon. */

const SETTINGS = { strategy: "post_message", mayUseOtherStrategy: true } as const;
const GOLD_COPPER = 10_000_000;
const KEY_W = 25;
const OPENING_MS = 300;
const LONG_MS = 2_000;

let screen: Screen;
let game: TypedGame;
let window: X11Window;
let other: X11Window;
let typedElsewhere: number;
let clock: PausingClock;
let input: Input;
let chosen: string | null;
let person: XConnection;
let number = 100;

beforeAll(async () => {
  screen = await startScreen();
  game = await TypedGame.start();
  other = await openX11Window({
    display: screen.display,
    className: "editor",
    title: "World of Warcraft",
    onKey: () => {
      typedElsewhere += 1;
    },
  });
  person = await connectToX(screen.display);
});
afterAll(async () => {
  game.stop();
  other.close();
  person.client.terminate();
  await screen.stop();
});

beforeEach(async () => {
  typedElsewhere = 0;
  chosen = null;
  layout("us");
  window = await openGame();
  clock = new PausingClock();
  input = await start();
  other.toFront();
});
afterEach(async () => {
  // A line that was lost in the middle leaves the box open; the next test's game is at rest.
  if (game.game.keyboard.focus !== undefined) game.game.keyboard.pressEscape();
  window.close();
  await input.close();
  await until(async () => (await connectedInput((one) => one.look())).windows.length === 0);
});

const openGame = () =>
  openX11Window({
    display: screen.display,
    className: "wow.exe",
    title: "World of Warcraft",
    onKey: (key) => game.press(key),
  });
const start = () =>
  createInput({ clock, chosenWindow: () => chosen, platform: "linux", display: screen.display, openingMs: OPENING_MS });
const layout = (names: string) => execFileSync("setxkbmap", ["-display", screen.display, names]);

async function connectedInput<Result>(use: (one: Input) => Promise<Result>): Promise<Result> {
  const one = await start();
  try {
    return await use(one);
  } finally {
    await one.close();
  }
}

async function type(line: string, signal = new AbortController().signal): Promise<TypingResult | undefined> {
  return input.strategies(SETTINGS)[0]?.type(line, signal);
}
function command(text: commands.CommandText): string {
  number += 1;
  return commands.formatCommand(text, number);
}
const whisper = () => commands.whisperWinner(randomUUID(), "Норинн");
const received = () => game.game.player("Норинн").whispers.length;

describe("on a screen of X", () => {
  it("finds the game and its process, and nothing that only has its title", async () => {
    const { windows, picked } = await input.look();
    expect(windows).toEqual([picked]);
    expect(picked).toMatchObject({ title: "World of Warcraft", processId: process.pid });
    const found = await input.desk.findGame();
    expect(found?.processId).toBe(process.pid);
    const ageMs = Date.now() - (found?.startedAt ?? 0);
    expect(Math.abs(ageMs - process.uptime() * 1_000)).toBeLessThan(60_000);
  });

  it("brings the game to the front, types a Cyrillic name, and gives the front back", async () => {
    const before = received();
    expect(await type(command(whisper()))).toEqual({ ok: true });
    await game.acknowledged(number);
    await until(() => received() === before + 1);
    expect(typedElsewhere).toBe(0);
    expect(await focused()).toBe(other.handle);
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

  it.each([
    ["us,ru", 1],
    ["ru,us", 0],
  ] as const)(
    "types the same with the Russian layout on, of %s, and Caps Lock; then both are as before",
    async (names, group) => {
      layout(names);
      window.close();
      window = await openGame();
      const xkb = await person.ask<XExtensions["xkb"]>((done) => person.client.require("xkb", done));
      await person.ask((done) => xkb.UseExtension(1, 0, done));
      xkb.LatchLockState(0x100, 0x02, 0x02, true, group, 0, 0, false, 0);
      expect(await type(command(whisper()))).toEqual({ ok: true });
      await game.acknowledged(number);
      const state = await person.ask<{ lockedMods: number; lockedGroup: number }>((done) => xkb.GetState(0x100, done));
      expect([state.lockedMods & 0x02, state.lockedGroup]).toEqual([0x02, group]);
      xkb.LatchLockState(0x100, 0x02, 0, true, 0, 0, 0, false, 0);
    },
  );

  it("types nothing where no layout has the letters", async () => {
    layout("ru");
    expect(await type(command(whisper()))).toEqual({ ok: false, code: "input_failed" });
    expect(game.game.keyboard.focus).toBeUndefined();
  });

  it("stops when something else comes to the front, and drops the half line before it types again", async () => {
    const line = command(whisper());
    const before = received();
    clock.holdNext(BREATH_MS);
    const typing = type(line);
    await clock.held();
    other.toFront();
    await until(async () => (await focused()) === other.handle);
    clock.goOn();
    expect(await typing).toEqual({ ok: false, code: "focus_lost" });
    expect(typedElsewhere).toBe(0);
    expect(game.game.keyboard.focus).toBe("ChatFrame1EditBox");
    expect(await type(line)).toEqual({ ok: true });
    await game.acknowledged(number);
    await until(() => received() === before + 1);
  });

  it("stops when it is told to, and leaves no half line", async () => {
    const stopping = new AbortController();
    clock.holdNext(BREATH_MS);
    const typing = type(command(whisper()), stopping.signal);
    await clock.held();
    stopping.abort();
    clock.goOn();
    expect(await typing).toEqual({ ok: false, code: "input_failed" });
    await until(() => game.game.keyboard.focus === undefined);
    expect(await type(command(whisper()))).toEqual({ ok: true });
    await game.acknowledged(number);
  });

  it("gets out of a box that was left open, once the addon was silent", async () => {
    const line = command(whisper());
    const before = received();
    game.game.keyboard.pressEnter();
    expect(await type(line)).toEqual({ ok: true });
    await frames(2);
    expect(received()).toBe(before);
    expect(await type(line)).toEqual({ ok: true });
    await game.acknowledged(number);
  });

  it("knows when the window is gone", async () => {
    window.close();
    await until(async () => (await input.look()).picked === null);
    expect(await type(command(whisper()))).toEqual({ ok: false, code: "no_window" });
    expect(await input.desk.findGame()).toBeNull();
  });

  it("waits for the streamer to pick one of two games, and takes the only one left", async () => {
    const second = await openGame();
    const { windows, picked } = await input.look();
    expect([windows.length, picked]).toEqual([2, null]);
    expect(await input.desk.findGame()).toBeNull();
    expect(await type(command(whisper()))).toEqual({ ok: false, code: "no_window" });
    chosen = windows[1]?.id ?? null;
    expect((await input.look()).picked).toEqual(windows[1]);
    expect(await type(command(whisper()))).toEqual({ ok: true });
    await game.acknowledged(number);
    second.close();
    await until(async () => (await input.look()).windows.length === 1);
    expect((await input.look()).picked).toEqual(windows[0]);
  });

  it("types nothing while somebody holds the keyboard, such as a lock screen", async () => {
    const lock = await openX11Window({ display: screen.display, className: "lock", title: "", onKey: () => undefined });
    await lock.holdKeyboard();
    expect(await type(command(whisper()))).toEqual({ ok: false, code: "not_permitted" });
    lock.close();
  });
});

describe("the person at the keyboard", () => {
  it("is not made busy by what we type, but by a key of their own", async () => {
    await tap();
    await type(command(whisper()));
    // Their key was before all the time that our line took.
    expect(await input.desk.stillForMs()).toBeGreaterThan(OPENING_MS);
    await until(async () => (await input.desk.stillForMs()) > LONG_MS);
    await tap();
    expect(await input.desk.stillForMs()).toBeLessThan(LONG_MS);
  });

  it("is as still as before when the clock is put back", async () => {
    await tap();
    await until(async () => (await input.desk.stillForMs()) > OPENING_MS);
    clock.shiftMs -= 3_600_000;
    expect(await input.desk.stillForMs()).toBeGreaterThan(OPENING_MS);
  });

  it("is not still while a key is held", async () => {
    await until(async () => (await input.desk.stillForMs()) > 0);
    await press("KeyPress");
    expect(await input.desk.stillForMs()).toBe(0);
    await press("KeyRelease");
    await until(async () => (await input.desk.stillForMs()) > 0);
  });
});

describe("under a window manager", () => {
  it("the game is found in its frame, brought to the front, and the front given back", async () => {
    const managed = await startScreen();
    await managed.startWindowManager();
    const open = (className: string, onKey: (key: WindowKey) => void) =>
      openX11Window({ display: managed.display, className, title: "World of Warcraft", onKey });
    const behind = await open("wow.exe", (key) => game.press(key));
    const inFront = await open("editor", () => {
      typedElsewhere += 1;
    });
    const there = await createInput({
      clock,
      chosenWindow: () => null,
      platform: "linux",
      display: managed.display,
      openingMs: OPENING_MS,
    });
    const x = await connectToX(managed.display);
    const focus = () => x.ask<{ focus: number }>((done) => x.client.GetInputFocus(done));
    await until(async () => (await there.look()).picked !== null && (await focus()).focus === inFront.handle);
    const line = command(whisper());
    expect(await there.strategies(SETTINGS)[0]?.type(line, new AbortController().signal)).toEqual({ ok: true });
    await game.acknowledged(number);
    expect(typedElsewhere).toBe(0);
    await until(async () => (await focus()).focus === inFront.handle);
    await there.close();
    behind.close();
    inFront.close();
    x.client.terminate();
    await managed.stop();
  });
});

describe("a screen that goes away", () => {
  it("shows no game, and nobody is still; the bridge goes on", async () => {
    const short = await startScreen();
    const lost = await createInput({
      clock: systemClock,
      chosenWindow: () => null,
      platform: "linux",
      display: short.display,
    });
    expect(lost.fault).toBeNull();
    await short.stop();
    expect(await lost.desk.findGame()).toBeNull();
    expect(await lost.desk.stillForMs()).toBe(0);
    expect(await lost.strategies(SETTINGS)[0]?.type("/run x", new AbortController().signal)).toEqual({
      ok: false,
      code: "no_window",
    });
  });
});

/** Lets the game render. */
async function frames(count: number): Promise<void> {
  const at = game.game.clock.nowMs;
  await until(() => game.game.clock.nowMs >= at + (count * 1_000) / 30);
}

async function tap(): Promise<void> {
  await press("KeyPress");
  await press("KeyRelease");
}

async function focused(): Promise<number> {
  const { focus } = await person.ask<{ focus: number }>((done) => person.client.GetInputFocus(done));
  return focus;
}

/** The person presses W, or lets it go. */
async function press(type: "KeyPress" | "KeyRelease"): Promise<void> {
  const xtest = await person.ask<XExtensions["xtest"]>((done) => person.client.require("xtest", done));
  xtest.FakeInput(xtest[type], KEY_W, 0, person.root, 0, 0);
  await focused();
}
