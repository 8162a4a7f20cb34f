import type { GameWindow } from "../../wire/state.ts";
import type { Clock } from "../clock.ts";
import type { Desk, GameProcess } from "../commands/input.ts";
import { pickWindow } from "./game-window.ts";
import type { Stillness } from "./stillness.ts";
import type { FoundWindow, WindowSystem } from "./window-system.ts";

/** What a desk is made of. */
export interface GameDeskOptions {
  readonly system: WindowSystem;
  readonly clock: Clock;
  readonly stillness: Stillness;
  /** The id of the window that the streamer picked last; null when there is no choice. */
  readonly chosenWindow: () => string | null;
}

/** What there is of the game on the screen. */
export interface GameSight {
  /** Every window that could be the game's. */
  readonly windows: readonly GameWindow[];
  /** The one that is typed into; null when there is none, or several and none picked. */
  readonly picked: GameWindow | null;
}

/** The real desk. A system that does not answer shows no game, and no stillness: then nothing is typed. */
export class GameDesk implements Desk {
  readonly #options: GameDeskOptions;

  constructor(options: GameDeskOptions) {
    this.#options = options;
  }

  /** The windows and the choice among them. */
  async look(): Promise<GameSight> {
    const found = await this.#findWindows();
    const picked = pickWindow(found, this.#options.chosenWindow());
    return { windows: found.map(asGameWindow), picked: picked === null ? null : asGameWindow(picked) };
  }

  /** The window to type into; null when there is none, or several and none picked. */
  async pick(): Promise<FoundWindow | null> {
    return pickWindow(await this.#findWindows(), this.#options.chosenWindow());
  }

  async findGame(): Promise<GameProcess | null> {
    const window = await this.pick();
    return window === null ? null : this.#options.system.findProcess(window).catch(() => null);
  }

  async stillForMs(): Promise<number> {
    const { system, clock, stillness } = this.#options;
    try {
      // A key held down to run on, or a drag, is no input of its own for as long as it lasts.
      if (await system.isAnythingHeld()) return 0;
      const idleMs = await system.idleMs();
      return stillness.stillForMs(clock.elapsed(), clock.elapsed() - idleMs);
    } catch {
      return 0;
    }
  }

  #findWindows(): Promise<readonly FoundWindow[]> {
    return this.#options.system.findGameWindows().catch(() => []);
  }
}

function asGameWindow({ id, title, processId }: FoundWindow): GameWindow {
  return { id, title, processId };
}
