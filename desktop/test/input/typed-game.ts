import { fileURLToPath } from "node:url";
import { type Game, startGame } from "../../../simulator/game/game.ts";
import { runRealtime } from "../../../simulator/game/realtime.ts";
import { pressInGame, type WindowKey } from "../../../simulator/game/window/window-key.ts";
import { formatCommand, hello } from "../../bridge/commands/command-text.ts";
import { until } from "../until.ts";

const ADDON = fileURLToPath(new URL("../../../addon/MimironsGoldOMatic", import.meta.url));
const KEY = "0123456789abcdef";
const HELLO_MS = 10_000;
/** Game time per real time: what the addon waits for goes by sooner, frames come as often as ever. */
const SPEED = 4;

/** A game with the real addon that has said hello, which a real window feeds with keys, frame by frame. */
export class TypedGame {
  readonly game: Game;
  readonly #stop: () => void;
  /** What the window got since the last acknowledgement. */
  #keys = "";

  private constructor(game: Game) {
    this.game = game;
    this.#stop = runRealtime(game, { speed: SPEED });
  }

  static async start(): Promise<TypedGame> {
    const game = await startGame({ addons: [ADDON], world: { characters: { Bob: {}, Норинн: {} } } });
    game.advance(HELLO_MS);
    game.command(formatCommand(hello("a".repeat(32), KEY), 1));
    game.advance(HELLO_MS);
    return new TypedGame(game);
  }

  /** A key that a window got. */
  press(key: WindowKey): void {
    this.#keys += "character" in key ? key.character : `<${key.key}>`;
    pressInGame(this.game, key);
  }

  hasAcknowledged(number: number): boolean {
    return this.game.logTexts().some((text) => text.includes(`[MGM_ACK:${number}] #${KEY}`));
  }

  /** Waits for the addon's word. */
  async acknowledged(number: number): Promise<void> {
    await until(() => this.hasAcknowledged(number)).catch(() => {
      throw new Error(`command ${number} was not acknowledged; the window got ${this.#keys}`);
    });
    this.#keys = "";
  }

  /** Payouts in the addon's queue, in order. */
  queued(): string[] {
    const [count] = this.game.evaluate("return #MimironsGoldOMaticDB.mail.rows");
    return Array.from({ length: Number(count) }, (_, index) =>
      String(this.game.evaluate(`return MimironsGoldOMaticDB.mail.rows[${index + 1}].id`)[0]),
    );
  }

  stop(): void {
    this.#stop();
    this.game.close();
  }
}
