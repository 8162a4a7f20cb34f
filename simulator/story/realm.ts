import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Game, startGame } from "../game/game.ts";
import { installedIn } from "../game/game-options.ts";
import { runRealtime } from "../game/realtime.ts";
import { RecordLog } from "../twitch/record-log.ts";
import { readTypedCommand } from "./typed-command.ts";

/*
 * The demo's game: a simulated client that runs the addon's own files, a realm whose people answer whispers, and the
 * streamer's hand at the mailbox. Commands are typed into its chat box, and what it says is in its log.
 */

/** A whisper to a winner that reached them. */
export type WinnerWhisper = { readonly payoutId: string; readonly to: string };

/** A mail with a payout's gold that lies in somebody's box. */
export type GoldMail = { readonly payoutId: string; readonly to: string; readonly copper: number };

const ADDON = fileURLToPath(new URL("../../addon/MimironsGoldOMatic", import.meta.url));
const ANSWER_AFTER_MS = 1_500;
const HAND_EVERY_MS = 700;
const RICH_COPPER = 2_000_000_000;
/** What the streamer's character carries: item numbers and how many of each. */
const BAGS: readonly (readonly [itemId: number, count: number])[] = [
  [33_470, 20],
  [36_908, 5],
  [49_908, 1],
  [36_913, 20],
  [43_102, 2],
  [34_057, 4],
  [6_948, 1],
];

/** A running game of the demo. */
export class Realm {
  readonly chatLogFile: string;
  /** When the client was started (Unix milliseconds). */
  readonly startedAt: number;
  readonly whispers = new RecordLog<WinnerWhisper>();
  readonly mails = new RecordLog<GoldMail>();
  /** Canonical names of characters that are not online. */
  readonly offline = new Set<string>();
  readonly #game: Game;
  readonly #stopTime: () => void;
  readonly #hand: NodeJS.Timeout;
  readonly #known = new Set<string>();
  /** Of whom the desktop asked for consent, and whose mail it put into the queue, by payout or gift request. */
  readonly #asked = new Map<string, { to: string; kind: "gold" | "gift" }>();
  readonly #owed = new Map<string, { to: string; mailsBefore: number; kind: "gold" | "gift" }>();

  private constructor(game: Game, chatLogFile: string, startedAt: number) {
    this.#game = game;
    this.chatLogFile = chatLogFile;
    this.startedAt = startedAt;
    this.#stopTime = runRealtime(game);
    this.#hand = setInterval(() => this.#emptyQueue(), HAND_EVERY_MS);
  }

  /** Starts the client in a folder; what an earlier one saved there is found again. */
  static async open(folder: string): Promise<Realm> {
    const installed = installedIn(join(folder, "game"));
    const startedAt = Date.now();
    const game = await startGame({
      addons: [ADDON],
      ...installed,
      startMs: startedAt,
      world: { realm: "Ulduar", streamer: { name: "Mimiron" }, copper: RICH_COPPER, latencyMs: 40 },
    });
    for (const [itemId, count] of BAGS) game.world.inventory.put(itemId, { count });
    return new Realm(game, installed.logFile, startedAt);
  }

  /** A line typed into the chat box. */
  type(line: string): void {
    const command = readTypedCommand(line);
    const [first = "", second = ""] = command?.args ?? [];
    if (command?.name === "MGM_RunWhoForSpin") this.#meet(second);
    if (command?.name === "NotifyWinnerWhisper") {
      this.#meet(second);
      this.#asked.set(first, { to: second, kind: "gold" });
    }
    if (command?.name === "MGM_RequestGiftConfirmation") {
      this.#meet(second);
      this.#asked.set(first, { to: second, kind: "gift" });
    }
    if (command?.name === "MGM_SendGift") this.#expectMail(first, second, "gift");
    if (command?.name === "ReceiveGold") this.#expectMails(first);
    this.#game.command(line);
  }

  /** The streamer leaves the game in good order. */
  stop(): void {
    clearInterval(this.#hand);
    this.#stopTime();
    this.#game.quit();
  }

  /** Whoever is talked about lives on the realm, and agrees when asked. */
  #meet(name: string): void {
    const player = this.#game.player(name);
    player.character.online = !this.offline.has(name);
    if (this.#known.has(name)) return;
    this.#known.add(name);
    this.#game.world.onWhisper((receiver, from) => {
      if (receiver.name !== name || from !== this.#game.world.streamer) return;
      for (const [id, { to, kind }] of this.#asked) {
        if (to !== name) continue;
        // The first whisper after the question is the question; what follows is thanks.
        this.#asked.delete(id);
        if (kind === "gold") this.whispers.push({ payoutId: id, to });
        this.#game.clock.after(ANSWER_AFTER_MS, () => player.whisper(kind === "gold" ? "!twgold" : "!twgift"));
      }
    });
  }

  #expectMails(entries: string): void {
    for (const entry of entries.split(";")) {
      const [payoutId = "", to = ""] = entry.split(":");
      if (payoutId !== "") this.#expectMail(payoutId, to, "gold");
    }
  }

  #expectMail(id: string, to: string, kind: "gold" | "gift"): void {
    if (this.#owed.has(id)) return;
    this.#owed.set(id, { to, kind, mailsBefore: this.#game.player(to).mails.length });
  }

  /** What the streamer does at the mailbox: Prepare Mail, Send, yes. */
  #emptyQueue(): void {
    for (const [id, { to, mailsBefore, kind }] of this.#owed) {
      const mail = this.#game.player(to).mails[mailsBefore];
      if (mail === undefined) continue;
      this.#owed.delete(id);
      if (kind === "gold") this.mails.push({ payoutId: id, to, copper: mail.copper });
    }
    if (this.#owed.size === 0 || this.#game.session === undefined) return;
    if (!this.#game.evaluate("return MailFrame:IsVisible()")[0]) this.#game.openMailbox();
    if (this.#game.evaluate(PRESS_PREPARE)[0] !== true) return;
    this.#game.advance(100);
    this.#game.clickSend();
  }
}

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
