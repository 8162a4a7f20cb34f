import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WindowKey } from "../../../simulator/game/window/window-key.ts";
import { systemClock } from "../../bridge/clock.ts";
import * as commands from "../../bridge/commands/command-text.ts";
import { createInput } from "../../bridge/input/create-input.ts";
import { until } from "../until.ts";
import type { ProgramPort } from "./line-port.ts";
import { TypedGame } from "./typed-game.ts";
import { WindowsMachine } from "./windows-programs.ts";
import { type Screen, startScreen } from "./xvfb.ts";

/* The game in Wine on a screen of X, the bridge on Linux beside it: robotjs, the X server, Wine, a window of Windows. */

let screen: Screen;
let machine: WindowsMachine;
let game: TypedGame;
let gameProgram: ProgramPort;

beforeAll(async () => {
  screen = await startScreen();
  machine = await WindowsMachine.start(screen.display);
  game = await TypedGame.start();
  gameProgram = await machine.run("windows-window-main.ts");
  gameProgram.onTold = (told) => game.press((told as { readonly key: WindowKey }).key);
  await gameProgram.ask("open", "game", "GxWindowClassD3d", "World of Warcraft");
});
afterAll(async () => {
  gameProgram?.hangUp();
  await machine?.stop();
  game?.stop();
  await screen?.stop();
});

it.each([
  ["us", 11],
  ["us,ru", 12],
  ["ru,us", 13],
])("a player with Wine is typed for, with the layouts %s", async (layouts, number) => {
  execFileSync("setxkbmap", ["-display", screen.display, layouts]);
  const input = await createInput({
    clock: systemClock,
    chosenWindow: () => null,
    platform: "linux",
    display: screen.display,
    openingMs: 300,
  });
  await until(async () => (await input.look()).picked !== null);
  expect((await input.look()).picked?.title).toBe("World of Warcraft");
  expect(await input.desk.findGame()).not.toBeNull();
  const [keyboard] = input.strategies({ strategy: "send_input", mayUseOtherStrategy: false });
  const line = commands.formatCommand(commands.whisperWinner(randomUUID(), "Норинн"), number);
  expect(await keyboard?.type(line, new AbortController().signal)).toEqual({ ok: true });
  await game.acknowledged(number);
  await input.close();
});
