import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { World } from "../../temporal/test/world.ts";
import type { Clock } from "../bridge/clock.ts";
import type { GameProcess } from "../bridge/commands/input.ts";
import type { PlayedGame } from "./played-game.ts";

/** What the test tells the process: the time, the game that runs, and whether the line that it asked for was typed. */
export interface ToDoomedBridge {
  readonly now: number;
  readonly game: GameProcess | null;
  readonly hasTyped: boolean;
}

/** What the process tells the test. */
export type ToTest = { readonly kind: "started" } | { readonly kind: "type"; readonly line: string };

const MAIN = fileURLToPath(new URL("doomed-bridge-main.ts", import.meta.url));
const TELL_EVERY_MS = 10;

/** A bridge in a process of its own. */
export class DoomedBridge {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #timer: NodeJS.Timeout;
  /** Called with each line before it is typed. */
  onType: (line: string) => void = () => undefined;

  private constructor(child: ChildProcess, played: PlayedGame, clock: Clock) {
    this.#child = child;
    this.#ended = once(child, "exit");
    const tell = async (hasTyped: boolean) => {
      const game = await played.desk.findGame();
      if (child.connected) child.send({ now: clock.now(), game, hasTyped } satisfies ToDoomedBridge, () => undefined);
    };
    child.on("message", (message: ToTest) => {
      if (message.kind !== "type") return;
      this.onType(message.line);
      // Keys that left the process are in the game's window, whatever becomes of the process.
      played.type(message.line);
      void tell(true);
    });
    this.#timer = setInterval(() => void tell(false), TELL_EVERY_MS);
  }

  /** Starts one; resolves when it works. */
  static async start({
    world,
    played,
    clock,
    folder,
  }: {
    world: World;
    played: PlayedGame;
    clock: Clock;
    folder: string;
  }): Promise<DoomedBridge> {
    const child = fork(MAIN, {
      execArgv: ["--import", "tsx"],
      env: {
        PATH: process.env.PATH,
        STORE_FOLDER: join(folder, "store"),
        LOG_PATH: played.chatLogFile,
        API_URL: world.apiUrl,
        API_KEY: world.environment.DESKTOP_API_KEYS,
      },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await once(child, "message");
    return new DoomedBridge(child, played, clock);
  }

  /** kill -9; resolves with the signal when it is gone, with null when it had ended by itself. */
  async kill(): Promise<string | null> {
    clearInterval(this.#timer);
    this.#child.kill("SIGKILL");
    await this.#ended;
    return this.#child.signalCode;
  }
}
