import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { fileLog } from "../../simulator/game/chat-log/log-storage.ts";
import { installedIn } from "../../simulator/game/game-options.ts";
import { startWorld, type World } from "../../temporal/test/world.ts";
import { type RunningDesktop, startDesktop } from "../bridge/start-desktop.ts";
import { HurriedClock } from "./hurried-clock.ts";
import { PlayedGame } from "./played-game.ts";
import { TestKeyring, TestScreen } from "./running-desktop.ts";
import { buildWindow, openWindow, startBrowser } from "./window-browser.ts";

/** One streamer's evening: the API, the game with the addon in it, the bridge between them, and its window in a browser. */
export interface Evening {
  readonly world: World;
  readonly game: PlayedGame;
  readonly screen: TestScreen;
  readonly running: RunningDesktop;
  readonly browser: Browser;
  readonly page: Page;
  /** What the page reports: errors, and what its policy stopped. */
  readonly faults: string[];
  /** Holds the game's folder, `game`. */
  readonly folder: string;
  /** Whether the disk is full, so that the client can write no log. */
  isDiskFull: boolean;
  stop(): Promise<void>;
}

/** What the machine on the test's desk needs at most; it is shared with others. */
const PATIENCE_MS = 45_000;

/** Five times as fast as the streamer's: still so slow that a person at the window would not miss anything. */
const STEP_MS = 50;

/** Brings it up as a first start finds it: nothing is set up, the streamer is in the world. */
export async function startEvening(): Promise<Evening> {
  const world = await startWorld();
  const clock = new HurriedClock(STEP_MS);
  const folder = await mkdtemp(join(tmpdir(), "mgm-evening-"));
  const windowFolder = await buildWindow();
  const disk = fileLog(installedIn(join(folder, "game")).logFile);
  const writeAt = (at: number, bytes: Uint8Array) => (evening.isDiskFull ? undefined : disk.writeAt(at, bytes));
  const game = await PlayedGame.open({ folder, clock, game: { logStorage: { ...disk, writeAt } } });
  await installClient(join(folder, "game"));
  const screen = new TestScreen(game);
  const keyring = new TestKeyring();
  const running = await startDesktop({
    dataFolder: join(folder, "data"),
    desktopVersion: "0.1.0",
    machine: { platform: "linux", home: folder, variables: {}, locale: "en" },
    clock,
    openInput: async ({ chosenWindow }) => {
      screen.chosenWindow = chosenWindow;
      return screen;
    },
    openApiKeys: () => keyring,
    onFailure: (fault) => {
      throw fault;
    },
    port: 0,
    windowFolder,
  });
  const browser = await startBrowser();
  const { page, faults } = await openWindow(browser, running.url);
  page.setDefaultTimeout(PATIENCE_MS);
  const evening: Evening = {
    world,
    game,
    screen,
    running,
    browser,
    page,
    faults,
    folder,
    isDiskFull: false,
    async stop() {
      await browser.close();
      await running.stop();
      game.stop();
      clock.stop();
      await world.stop();
      for (const path of [folder, windowFolder]) await rm(path, { recursive: true, force: true });
    },
  };
  return evening;
}

/** What a streamer's folder holds besides the log. */
async function installClient(path: string): Promise<void> {
  const addon = join(path, "Interface/AddOns/MimironsGoldOMatic");
  await mkdir(addon, { recursive: true });
  await writeFile(join(addon, "MimironsGoldOMatic.toc"), "");
  await writeFile(join(path, "Wow.exe"), "");
}
