import { ChatLog } from "./chat-log/chat-log.ts";
import { fileLog, memoryLog } from "./chat-log/log-storage.ts";
import type { GameLocale } from "./client/global-strings.ts";
import { createRecords, type GameRecords } from "./client/records.ts";
import { Session } from "./client/session.ts";
import { GameClock } from "./clock.ts";
import type { GameOptions, GameScreen } from "./game-options.ts";
import { Keyboard } from "./keyboard.ts";
import { LoadingScreen } from "./loading-screen.ts";
import { Player } from "./player.ts";
import { type LuaModule, loadLuaModule } from "./vm/lua-module.external.ts";
import type { LuaValue } from "./vm/lua-state.ts";
import { folderSavedVariables, memorySavedVariables, type SavedVariablesStore } from "./vm/saved-variables.ts";
import { type Addon, readAddonFolder } from "./vm/toc.ts";
import type { CharacterInput } from "./world/character.ts";
import type { ClientLink } from "./world/link.ts";
import { World } from "./world/world.ts";

/*
 *   closed ──start──► login screen ──login──► world ──logout──► login screen
 *     ▲                                        │  └──reload──► world
 *     └────────── crash, quit ─────────────────┘
 *
 * Only logout, quit and reload write saved variables, and only they raise PLAYER_LOGOUT.
 */

const START_MS = Date.UTC(2026, 3, 4, 12, 0, 0);
/** Between Enter and the text: a frame and then some. */
const TYPING_PAUSE_MS = 200;

/** A running client with its realm. Time moves by `advance` only. */
export class Game {
  readonly clock: GameClock;
  readonly world: World;
  readonly log: ChatLog;
  readonly locale: GameLocale;
  readonly records: GameRecords = createRecords();
  readonly keyboard: Keyboard;
  readonly savedVariables: SavedVariablesStore;
  readonly #module: LuaModule;
  readonly #options: GameOptions;
  #addons: readonly Addon[];
  readonly #cvars = new Map<string, string>();
  #framesPerSecond: number;
  #session: Session | undefined;
  #screen: GameScreen = "login";
  #loading: LoadingScreen | undefined;

  constructor(module: LuaModule, options: GameOptions) {
    this.#module = module;
    this.#options = options;
    this.#framesPerSecond = options.framesPerSecond ?? 30;
    this.#addons = options.addons.map((one) => (typeof one === "string" ? readAddonFolder(one) : one));
    this.locale = options.locale ?? "enUS";
    this.clock = new GameClock(options.startMs ?? START_MS);
    this.world = new World(this.clock, this.locale, options.world);
    const storage = options.logStorage ?? (options.logFile === undefined ? memoryLog() : fileLog(options.logFile));
    const { flushOnToggle = true, deadAfterReload = false, savedVariables, coverage } = options;
    this.log = new ChatLog({ storage, flushOnToggle, deadAfterReload });
    this.savedVariables =
      typeof savedVariables === "string"
        ? folderSavedVariables(savedVariables)
        : (savedVariables ?? memorySavedVariables());
    this.keyboard = new Keyboard(this);
    for (const addon of this.#addons) coverage?.register(addon, module);
    if (options.login !== false) this.login();
  }

  get screen(): GameScreen {
    return this.#screen;
  }

  /** The session in the world; undefined elsewhere. */
  get session(): Session | undefined {
    return this.#session;
  }

  get luaErrors(): readonly string[] {
    return this.records.luaErrors;
  }

  /** Frames per second from now on; a minimised window renders few. */
  set framesPerSecond(value: number) {
    this.#framesPerSecond = value;
  }

  /** Lets time pass, frame by frame. */
  advance(ms: number): void {
    const frameMs = 1_000 / this.#framesPerSecond;
    let left = ms;
    // What rounding leaves over is no frame.
    while (left > 1e-6) {
      const step = Math.min(frameMs, left);
      left -= step;
      this.frame(step);
    }
  }

  /** One frame: what the server sent, then OnUpdate, then what Lua asked of the client. */
  frame(ms: number): void {
    if (this.#screen === "loading") {
      this.#loading?.pass(this.clock, ms);
      return;
    }
    this.clock.move(ms);
    this.#session?.step(ms / 1_000);
    const request = this.#session?.client.state.request;
    if (request !== undefined) this[request]();
  }

  /** Advances until the condition holds; an error after `limitMs` of game time. */
  advanceUntil(condition: () => boolean, limitMs = 60_000): void {
    const end = this.clock.nowMs + limitMs;
    while (!condition()) {
      if (this.clock.nowMs >= end) throw new Error(`not within ${limitMs} ms of game time`);
      this.frame(1_000 / this.#framesPerSecond);
    }
  }

  /** Other addons lie in the game's folder from now on; whoever enters the world next has them. */
  install(...addons: readonly Addon[]): void {
    this.#addons = addons;
  }

  // ------------------------------------------------------------ coming and going

  /** Starts a client that was closed; it shows the login screen. */
  start(): void {
    if (this.#screen === "closed") this.#screen = "login";
  }

  /** Enters the world with the streamer's character. */
  login(): void {
    this.start();
    if (this.#screen !== "login") return;
    this.#beginLoading((link) => this.world.connect(link));
  }

  /** Back to the login screen, in good order. */
  logout(): void {
    if (this.#session === undefined) return;
    this.#endSession((session) => session.close());
    this.#screen = "login";
  }

  /** Leaves the game in good order. */
  quit(): void {
    this.#endSession((session) => session.close());
    this.#screen = "closed";
  }

  /** The process dies: nothing is saved, pending lines of the log are lost, nobody is told. */
  crash(): void {
    this.world.disconnect();
    this.#session?.discard();
    this.#session = undefined;
    this.#loading = undefined;
    this.log.crash();
    this.#screen = "closed";
  }

  /** /reload: saves, throws the interface away and loads it anew; the connection stays. */
  reload(): void {
    const session = this.#session;
    if (session === undefined) return;
    session.close();
    this.log.reload();
    this.#beginLoading((link) => this.world.reattach(link));
  }

  /** Ends everything, as a crash does; for the end of a test. */
  close(): void {
    this.crash();
  }

  // ------------------------------------------------------------ the streamer and the others

  /** Types one line into the chat box as the desktop does: Enter, a pause, the characters, Enter. */
  command(line: string): void {
    this.keyboard.pressEnter();
    this.advance(TYPING_PAUSE_MS);
    this.keyboard.typeKeys(line);
    this.keyboard.pressEnter();
    this.advance(50);
  }

  /** A character of the realm, made if it is not there. */
  player(name: string, input?: CharacterInput): Player {
    const known = this.world.find(name);
    return new Player(this.world, input === undefined && known !== undefined ? known : this.world.add(name, input));
  }

  /** The streamer clicks a mailbox. */
  openMailbox(): void {
    this.world.mail.isNear = true;
    this.session?.mail.open();
    this.advance(50);
  }

  /** The streamer closes the window. */
  closeMailbox(): void {
    this.run("CloseMail() HideUIPanel(MailFrame)");
    this.advance(50);
  }

  /** The streamer walks away: the server takes no mail any more, the client notices and closes. */
  walkAway(): void {
    this.world.mail.isNear = false;
    this.session?.mail.close();
    this.advance(50);
  }

  /** Presses Send and says yes to the question about the money. False where the button cannot be pressed. */
  clickSend(): boolean {
    this.advance(50);
    if (!this.click("SendMailMailButton")) return false;
    this.advance(300);
    // The client may have died of it.
    if (this.#session === undefined) return true;
    const [popup] = this.evaluate('return (StaticPopup_Visible("SEND_MONEY"))');
    if (typeof popup === "string") this.click(`${popup}Button1`);
    this.advance(50);
    return true;
  }

  /** A mouse click on a button of the screen. False where it is hidden or disabled. */
  click(name: string, which: "LeftButton" | "RightButton" = "LeftButton"): boolean {
    return this.#lua("click", name, which)[0] === true;
  }

  // ------------------------------------------------------------ looking inside

  /** Evaluates Lua in the game: `return …` gives plain values. */
  evaluate(source: string): LuaValue[] {
    return this.#lua("evaluate", source);
  }

  /** Runs Lua in the game as another script would. */
  run(source: string): void {
    this.#lua("evaluate", source);
  }

  /** What is on the disk of the chat log. */
  logBytes(): Buffer {
    return this.log.bytes();
  }

  /** The complete lines on the disk, without timestamp. */
  logTexts(): string[] {
    return this.log.texts();
  }

  #lua(name: string, ...args: readonly LuaValue[]): LuaValue[] {
    if (this.#session === undefined) throw new Error("the game is not in the world");
    return this.#session.client.call(name, ...args);
  }

  #beginLoading(attach: (link: ClientLink) => void): void {
    this.#screen = "loading";
    this.#loading = new LoadingScreen(this.#options.loadingMs ?? 0, () => {
      this.#loading = undefined;
      this.#screen = "world";
      const session = this.#openSession();
      attach(session.link());
      session.enter();
      this.keyboard.releaseWaiting();
    });
    if (this.#loading.isInstant) this.#loading.pass(this.clock, 0);
  }

  #openSession(): Session {
    const { coverage, logNeedsWindow = false, declinesNames = false } = this.#options;
    const session: Session = new Session({
      module: this.#module,
      world: this.world,
      clock: this.clock,
      locale: this.locale,
      log: this.log,
      records: this.records,
      addons: this.#addons,
      savedVariables: this.savedVariables,
      cvars: this.#cvars,
      framesPerSecond: this.#framesPerSecond,
      logNeedsWindow,
      declinesNames,
      onCrash: () => this.crash(),
      ...(coverage === undefined ? {} : { onLine: coverage.onLine }),
    });
    this.#session = session;
    return session;
  }

  #endSession(end: (session: Session) => void): void {
    const session = this.#session;
    if (session === undefined) return;
    end(session);
    this.#session = undefined;
    this.world.disconnect();
    this.log.exit();
  }
}

/** Starts a game. The first one of a process loads the Lua VM. */
export async function startGame(options: GameOptions): Promise<Game> {
  return new Game(await loadLuaModule(), options);
}
