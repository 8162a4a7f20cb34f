import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Game, startGame } from "../../simulator/game/game.ts";
import { type GameOptions, installedIn } from "../../simulator/game/game-options.ts";
import type { Addon } from "../../simulator/game/vm/toc.ts";
import type { Clock } from "../bridge/clock.ts";
import type { Desk, GameProcess } from "../bridge/commands/input.ts";

/*
 * The game as the tests of the bridge play it: a simulated client that runs the addon's own files and follows the clock
 * that the bridge has, people who answer when they are asked, and the streamer's hand at the mailbox. Whoever dies here
 * dies as processes do: a client that crashed has saved nothing, and what its log had not written is lost.
 */

/** How a game differs from the usual one. */
export interface PlayedGameOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly game?: Partial<GameOptions>;
}

const ADDON = fileURLToPath(new URL("../../addon/MimironsGoldOMatic", import.meta.url));
const RICH_COPPER = 2_000_000_000;
const TICK_MS = 10;
/** What one tick catches up with at most, so that the others get their turn. */
const LARGEST_STEP_MS = 1_000;
const ANSWER_AFTER_MS = 1_000;
const HAND_EVERY_MS = 2_000;

/** A mail in somebody's box. */
export interface LedgerEntry {
  readonly to: string;
  readonly copper: number;
}

/** A game that is being played. */
export class PlayedGame {
  readonly game: Game;
  readonly chatLogFile: string;
  /** Everything that was typed, whoever heard it. */
  readonly typed: string[] = [];
  /** Names of people who do not answer. */
  readonly silent = new Set<string>();
  /** What people say to a gift; nothing where there is null. */
  giftAnswer: string | null = "!twgift";
  /** Whether the streamer empties the queue. */
  handIsAtMailbox = true;
  /** Called after each frame of the game. */
  onFrame: () => void = () => undefined;
  /** Called when a mail's form is filled and nothing was pressed yet. */
  onPrepared: () => void = () => undefined;
  /** Called before a line is typed. */
  onType: (line: string) => void = () => undefined;
  readonly #clock: Clock;
  readonly #timer: NodeJS.Timeout;
  readonly #met = new Set<string>();
  #process: GameProcess;
  #handAt = 0;
  #isAdvancing = false;

  private constructor(game: Game, chatLogFile: string, clock: Clock, startedAt: number) {
    this.game = game;
    this.chatLogFile = chatLogFile;
    this.#clock = clock;
    this.#process = { processId: 1, startedAt };
    this.#timer = setInterval(() => this.#follow(), TICK_MS);
  }

  /** Starts the client; it is in the world unless the options say otherwise. */
  static async open({ folder, clock, game: options = {} }: PlayedGameOptions): Promise<PlayedGame> {
    const installed = installedIn(join(folder, "game"));
    const startMs = clock.now();
    const game = await startGame({
      addons: [ADDON],
      ...installed,
      startMs,
      framesPerSecond: 20,
      ...options,
      world: { realm: "Ulduar", streamer: { name: "Mimiron" }, copper: RICH_COPPER, latencyMs: 40, ...options.world },
    });
    return new PlayedGame(game, installed.logFile, clock, startMs);
  }

  /** What the system knows of it. */
  get desk(): Desk {
    return {
      findGame: async () => (this.game.screen === "closed" ? null : this.#process),
      stillForMs: async () => 60_000,
    };
  }

  /** Whether there is a world to type into. */
  get isInWorld(): boolean {
    return this.game.screen === "world";
  }

  /** Keys into its window; a line for a client that is not there is lost. */
  type(line: string): void {
    this.onType(line);
    this.typed.push(line);
    this.#advancing(() => this.game.command(line));
  }

  /** Somebody lives on the realm, and agrees when asked. */
  meet(...names: readonly string[]): void {
    for (const name of names) {
      if (this.#met.has(name)) continue;
      this.#met.add(name);
      const player = this.game.player(name);
      player.goOnline();
      player.answers((text) => (this.silent.has(name) ? undefined : this.#answerTo(text)), ANSWER_AFTER_MS);
    }
  }

  /** Who was not asked to agree, or more than once; and who has not got one mail of that much, or more than one. */
  notOnce(names: readonly string[], copper: number): string[] {
    return names.flatMap((name) => {
      const asked = this.questionsTo(name);
      const mails = this.ledger.filter(({ to }) => to === name);
      const isFine = asked === 1 && mails.length === 1 && mails[0]?.copper === copper;
      return isFine ? [] : [`${name}: asked ${asked}, mails ${mails.map((mail) => mail.copper).join("+")}`];
    });
  }

  #answerTo(text: string): string | undefined {
    if (isQuestion(text)) return "!twgold";
    return isGiftQuestion(text) ? (this.giftAnswer ?? undefined) : undefined;
  }

  /** How often somebody was asked whether they want their gift. */
  giftQuestionsTo(name: string): number {
    return this.game.player(name).whispers.filter(({ text }) => isGiftQuestion(text)).length;
  }

  /** How often somebody was asked to agree. */
  questionsTo(name: string): number {
    return this.game.player(name).whispers.filter(({ text }) => isQuestion(text)).length;
  }

  /** What the server delivered: the truth about mail. */
  get ledger(): LedgerEntry[] {
    return [...this.#met].flatMap((name) => this.game.player(name).mails.map(({ copper }) => ({ to: name, copper })));
  }

  /** The whole lines that are on the disk. */
  get logged(): string {
    return this.game.logBytes().toString("utf8");
  }

  /** Statuses of the rows in the addon's queue. */
  get rows(): string[] {
    if (!this.isInWorld) return [];
    const [text] = this.game.evaluate(STATUSES);
    return String(text ?? "")
      .split(",")
      .filter((status) => status !== "");
  }

  /** The streamer leaves in good order, replaces the addon, and comes back. */
  replaceAddon(addon: Addon): void {
    this.game.quit();
    this.game.install(addon);
    this.restart();
  }

  /** The client dies. */
  crash(): void {
    this.game.crash();
  }

  /** A client is started anew, another process, and enters the world. */
  restart(): void {
    this.#process = { processId: this.#process.processId + 1, startedAt: this.#clock.now() };
    // Its clock stood still meanwhile, and the machine's did not.
    this.game.clock.skip(Math.max(0, this.#clock.now() - this.game.clock.nowMs));
    this.game.start();
    this.game.login();
  }

  /** The end of a test. */
  stop(): void {
    clearInterval(this.#timer);
    this.game.close();
  }

  #follow(): void {
    const behind = this.#clock.now() - this.game.clock.nowMs;
    const end = this.game.clock.nowMs + Math.min(behind, LARGEST_STEP_MS);
    this.#advancing(() => {
      while (this.game.clock.nowMs < end) {
        this.game.frame(50);
        this.onFrame();
      }
      if (this.handIsAtMailbox && this.#clock.now() - this.#handAt >= HAND_EVERY_MS) this.#emptyQueue();
    });
  }

  /** Nobody moves time while somebody does. */
  #advancing(move: () => void): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      move();
    } finally {
      this.#isAdvancing = false;
    }
  }

  #emptyQueue(): void {
    this.#handAt = this.#clock.now();
    if (!this.rows.includes("READY")) return;
    if (!this.game.evaluate("return MailFrame:IsVisible()")[0]) this.game.openMailbox();
    if (!this.isInWorld || this.game.evaluate(PRESS_PREPARE)[0] !== true) return;
    this.onPrepared();
    if (!this.isInWorld) return;
    this.game.advance(100);
    if (this.isInWorld) this.game.clickSend();
  }
}

function isQuestion(text: string): boolean {
  return text.startsWith("Поздравляю");
}

function isGiftQuestion(text: string): boolean {
  return text.startsWith("Тебе выпал подарок");
}

/** Lua that tells the statuses of the addon's rows. */
const STATUSES = `
  local statuses = {}
  for _, row in ipairs(MimironsGoldOMaticDB.mail.rows) do statuses[#statuses + 1] = row.status end
  return table.concat(statuses, ",")`;

/** Lua that clicks the addon's button; false where there is none to click. */
const PRESS_PREPARE = `
  local function find(frame)
    for _, child in ipairs({ frame:GetChildren() }) do
      if child:GetObjectType() == "Button" and child:GetText() == "Prepare Mail" then return child end
      local found = find(child)
      if found then return found end
    end
  end
  local button = find(UIParent)
  if not button or not button:IsVisible() or button:IsEnabled() == 0 then return false end
  button:Click("LeftButton")
  return true`;
