import { systemClock } from "../../../desktop/bridge/clock.ts";
import { PlayedGame } from "../../../desktop/test/played-game.ts";
import type { Random } from "../../../simulator/game/random.ts";
import type { MailFault } from "../../../simulator/game/world/mail-server.ts";
import { readTypedCommand } from "../../../simulator/story/typed-command.ts";
import type { Ledger } from "../ledger.ts";
import type { BridgeHears } from "./bridge-process.ts";
import type { Life } from "./mortal.ts";

/*
 * The game, in the driver's process: the client in it dies, the realm and its mailboxes do not. People are met when they
 * are talked about; some of them are offline, some never answer. The streamer's hand empties the queue at the mailbox.
 */

/** Kinds of stacks that may be mailed, and how many of each lie in a stack. */
const WARES: readonly (readonly [itemId: number, count: number])[] = [
  [33_470, 20],
  [36_908, 5],
  [49_908, 1],
  [36_913, 20],
  [43_102, 2],
  [34_057, 4],
];
const STACKS = 24;
const POOR_COPPER = 500_000_000;
const INCOME_COPPER = 1_000_000_000;
const LOOK_EVERY_MS = 100;
const SILENT_SHARE = 0.08;
const OFFLINE_SHARE = 0.08;

/** The run's game. */
export class GameHost {
  readonly played: PlayedGame;
  readonly chatLogFile: string;
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #met = new Set<string>();
  readonly #mailsSeen = new Map<string, number>();
  #process: BridgeHears["game"];
  readonly #firstCopper: number;
  #income = 0;
  #isFirstLife = true;

  private constructor(played: PlayedGame, startedAt: number, ledger: Ledger, random: Random) {
    this.played = played;
    this.chatLogFile = played.chatLogFile;
    this.#ledger = ledger;
    this.#random = random;
    this.#firstCopper = played.game.world.inventory.copper;
    this.#process = { processId: 1, startedAt };
    played.onFrame = () => this.#frame();
  }

  /** Starts client and realm in a folder. */
  static async open(folder: string, ledger: Ledger, random: Random): Promise<GameHost> {
    // Before the client writes anything.
    const startedAt = Date.now();
    const played = await PlayedGame.open({ folder, clock: systemClock });
    const host = new GameHost(played, startedAt, ledger, random);
    for (let i = 0; i < STACKS; i++) host.#stock();
    return host;
  }

  /** What the system knows of the client that runs; null while none does. */
  get process(): BridgeHears["game"] {
    return this.played.game.screen === "closed" ? null : this.#process;
  }

  /** Keys into the client's window. */
  type(line: string): void {
    this.#note(line);
    this.played.type(line);
  }

  /** A client runs from now on; the first call finds the one that is there. */
  async live(): Promise<Life> {
    if (!this.#isFirstLife) {
      this.#process = { processId: (this.#process?.processId ?? 0) + 1, startedAt: Date.now() };
      this.played.restart();
    }
    this.#isFirstLife = false;
    const ended = new Promise<string>((resolve) => {
      const timer = setInterval(() => {
        if (this.played.game.screen !== "closed") return;
        clearInterval(timer);
        resolve("crash");
      }, LOOK_EVERY_MS);
    });
    return { ended, kill: () => this.played.crash(), stop: async () => this.played.stop() };
  }

  /** The next mail meets this. */
  addMailFault(fault: MailFault): void {
    this.played.game.world.mail.addFault(fault);
  }

  /** Somebody whom nobody has talked about types into the game's chat. */
  shout(text: string, how: "SAY" | "YELL" | "EMOTE" | "WHISPER" | "GUILD"): void {
    this.#ledger.write({ kind: "forged", text, at: Date.now() });
    const forger = this.played.game.player("Rogue");
    forger.goOnline();
    if (how === "WHISPER") forger.whisper(text);
    else forger.say(text, how);
  }

  /** Writes the purse; nothing is mailed after that. */
  close(): void {
    const { inventory } = this.played.game.world;
    this.#ledger.write({
      kind: "purse",
      copperBefore: this.#firstCopper + this.#income,
      copperAfter: inventory.copper,
    });
  }

  #note(line: string): void {
    const command = readTypedCommand(line);
    if (command === null) return;
    const [first = "", second = ""] = command.args;
    const at = this.played.game.clock.nowMs;
    if (command.name === "ReceiveGold") {
      for (const entry of first.split(";")) {
        const [id = "", to = ""] = entry.split(":");
        if (id !== "") this.#ledger.write({ kind: "named", mail: "gold", id, to, at });
      }
      return;
    }
    this.#meet(second);
    if (command.name === "MGM_SendGift") this.#ledger.write({ kind: "named", mail: "gift", id: first, to: second, at });
  }

  #meet(name: string): void {
    if (this.#met.has(name)) return;
    this.#met.add(name);
    this.played.meet(name);
    const chance = this.#random();
    const isSilent = chance < SILENT_SHARE;
    const isOffline = !isSilent && chance < SILENT_SHARE + OFFLINE_SHARE;
    if (isSilent) this.played.silent.add(name);
    if (isOffline) this.played.game.player(name).goOffline();
    this.#ledger.write({ kind: "person", name, isSilent, isOffline });
  }

  /** Mails go into the ledger when they are there. */
  #frame(): void {
    const { world } = this.played.game;
    for (const name of this.#met) {
      const { mails } = this.played.game.player(name);
      const seen = this.#mailsSeen.get(name) ?? 0;
      for (const { copper, items, atMs } of mails.slice(seen)) {
        this.#ledger.write({ kind: "mailed", to: name, copper, items, at: atMs });
        if (items.length > 0) this.#stock();
      }
      this.#mailsSeen.set(name, mails.length);
    }
    if (world.inventory.copper < POOR_COPPER) {
      this.#income += INCOME_COPPER;
      world.changeMoney(INCOME_COPPER);
    }
  }

  #stock(): void {
    const [itemId, count] = WARES[Math.floor(this.#random() * WARES.length)] ?? [33_470, 20];
    this.played.game.world.inventory.put(itemId, { count });
  }
}
