import { fileURLToPath } from "node:url";
import { type ChatLine, parseChatLine, readHello } from "@mgm/domain/chat-line";
import { takePiece } from "@mgm/domain/chat-line/parts";
import type { Hello } from "@mgm/domain/chat-line/payload";
import { formatTag, parseAssembled, type Tag } from "@mgm/domain/chat-line/tag";
import { type Game, startGame } from "@mgm/simulator/game/game";
import type { GameOptions } from "@mgm/simulator/game/game-options";
import { LineCoverage } from "@mgm/simulator/game/vm/coverage";
import { addonFolder } from "./addon-files.ts";

/** Counts the addon's lines over all games of a test file. */
export const coverage = new LineCoverage();

export const KEY = "0123456789abcdef";
export const GOLD_COPPER = 10_000_000;
const FORMATS = { enUS: "%s whispers: ", ruRU: "%s шепчет: " } as const;

/** An id for tests: the same number gives the same id. */
export function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** A Lua string in ASCII, as the desktop types it. */
export function luaString(text: string): string {
  const bytes = [...Buffer.from(text, "utf8")];
  const quoted = bytes.map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\${String(byte).padStart(3, "0")}`,
  );
  return `"${quoted.join("")}"`;
}

/** How a game starts; `isCounted` false spares the time that counting lines takes. */
export type StartOptions = Partial<GameOptions> & { readonly isCounted?: boolean };

/** The addon in a running client, with the desktop's half of the bridge played by the test. */
export class AddonGame {
  readonly game: Game;
  #number = 1_775_304_000;
  #nonce = 0;
  #key = KEY;
  readonly #keys = new Set([KEY]);

  private constructor(game: Game) {
    this.game = game;
  }

  static async start(options: StartOptions = {}): Promise<AddonGame> {
    const { isCounted = true, ...others } = options;
    return new AddonGame(
      await startGame({
        addons: [fileURLToPath(addonFolder).replace(/\/$/, "")],
        ...(isCounted ? { coverage } : {}),
        ...others,
      }),
    );
  }

  /** One that has said hello. */
  static async greeted(options: StartOptions = {}): Promise<AddonGame> {
    const one = await AddonGame.start(options);
    one.hello();
    one.wait(7);
    return one;
  }

  wait(seconds: number): void {
    this.game.advance(seconds * 1_000);
  }

  /** Types a command with the next number, or with a given one. Gives the number. */
  type(name: string, args: readonly (string | number)[], number = ++this.#number): number {
    const written = args.map((arg) => (typeof arg === "number" ? String(arg) : luaString(arg)));
    this.game.command(`/run ${name}(${[...written, number].join(",")})`);
    return number;
  }

  /** Says hello with a new nonce, or with the last one again. Gives the nonce. */
  hello({ again = false, key = this.#key } = {}): string {
    if (!again) this.#nonce += 1;
    this.#key = key;
    this.#keys.add(key);
    const nonce = this.#nonce.toString(16).padStart(32, "a");
    this.type("MGM_Hello", [nonce, key]);
    return nonce;
  }

  receiveGold(...entries: readonly (readonly [id: string, name: string, copper?: number])[]): number {
    return this.type("ReceiveGold", [
      entries.map(([id, name, copper = GOLD_COPPER]) => `${id}:${name}:${copper}`).join(";"),
    ]);
  }

  /** Clicks the button of ours with that text, as a mouse would. False where there is none to click. */
  press(text: string): boolean {
    const [pressed] = this.game.evaluate(`
      local function find(frame)
        for _, child in ipairs({ frame:GetChildren() }) do
          if child.GetText and child:GetObjectType() == "Button" and child:GetText() == ${luaString(text)} then return child end
          local found = find(child)
          if found then return found end
        end
      end
      local button = find(UIParent)
      if not button or not button:IsVisible() or button:IsEnabled() == 0 then return false end
      button:Click("LeftButton")
      return true
    `);
    return pressed === true;
  }

  /** Whether a text is anywhere on the screen. */
  shows(text: string): boolean {
    const [shown] = this.game.evaluate(`
      local function isIn(frame)
        if not frame:IsVisible() then return false end
        for _, region in ipairs({ frame:GetRegions() }) do
          local words = region.GetText and region:IsVisible() and region:GetText()
          if words and words:find(${luaString(text)}, 1, true) then return true end
        end
        for _, child in ipairs({ frame:GetChildren() }) do
          if isIn(child) then return true end
        end
        return false
      end
      return isIn(UIParent)
    `);
    return shown === true;
  }

  /** Opens the mailbox if it is shut, prepares the next mail, and gives the frame that the form needs. */
  prepare(): boolean {
    this.game.openMailbox();
    const pressed = this.press("Prepare Mail");
    this.game.advance(100);
    return pressed;
  }

  /** Prepares the next mail and sends it as the streamer would. */
  send(): boolean {
    return this.prepare() && this.game.clickSend();
  }

  /** What a desktop that knows the key makes of the lines on the disk. */
  lines(): ChatLine[] {
    const { game } = this;
    const trust = {
      keys: [...this.#keys],
      ownCharacter: game.world.streamer.name,
      whisperFormat: FORMATS[game.locale === "ruRU" ? "ruRU" : "enUS"],
    };
    const lines = game.logBytes().toString("utf8").split("\r\n");
    return lines
      .slice(0, -1)
      .map((text) => parseChatLine({ text: text.replace(/^\0+/, ""), beginningSeen: true }, trust));
  }

  /** The tags on the disk, parts put together; what is malformed shows as such. */
  tags(): (Tag | { readonly name: "HELLO"; readonly hello: Hello; readonly nonce: string } | ChatLine)[] {
    const found: ReturnType<AddonGame["tags"]> = [];
    let pending = {};
    for (const line of this.lines()) {
      if (line.kind === "tag") found.push(line.tag);
      else if (line.kind === "malformed" || line.kind === "forged") found.push(line);
      else if (line.kind === "part") {
        const { name, id, place, piece } = line.part;
        const taken = takePiece(pending, `${name}:${id}`, place, piece);
        pending = taken.pending;
        if (taken.outcome.kind !== "complete") continue;
        const read = parseAssembled({ name, id }, taken.outcome.payload);
        if (!read.ok) throw new Error(read.reason);
        found.push(read.tag);
      } else if (line.kind === "hello") {
        const { nonce, place, prefix } = line;
        const taken = takePiece(pending, `HELLO:${nonce}:${prefix}`, place ?? { index: 1, total: 1 }, line.text);
        pending = taken.pending;
        if (taken.outcome.kind !== "complete") continue;
        const read = readHello(taken.outcome.payload, prefix);
        if (read.ok) found.push({ name: "HELLO", hello: read.hello, nonce });
      }
    }
    return found;
  }

  /** The tags about payouts and gifts, in short: `CONFIRM 3`. Repeats too. */
  events(): string[] {
    return this.tags().flatMap((tag) => {
      if ("kind" in tag) return [tag.kind];
      if (tag.name === "HELLO" || !("id" in tag)) return [];
      return [`${tag.name} ${Number(tag.id.slice(-12))}`];
    });
  }

  acks(): number[] {
    return this.tags().flatMap((tag) => ("number" in tag ? [tag.number] : []));
  }

  hellos(): Hello[] {
    return this.tags().flatMap((tag) => ("hello" in tag ? [tag.hello] : []));
  }

  who(): { spin: string; name: string; online: boolean }[] {
    return this.tags().flatMap((tag) =>
      "report" in tag
        ? [{ spin: tag.report.spinCycleId, name: tag.report.characterName, online: tag.report.online }]
        : [],
    );
  }

  /** What nobody may ever see: errors in Lua, protected calls, our lines in a chat window or in no form of domain's. */
  faults(): string[] {
    const { luaErrors, forbidden, chatWindows } = this.game.records;
    const { name } = this.game.world.streamer;
    const ours = new RegExp(`^(?:To )?(?:\\|Hplayer:${name}:\\d+\\|h\\[${name}\\]\\|h[^:]*: )?\\[(?:MGM_|mgm )`);
    const leaks = chatWindows.filter(({ window, text }) => window === "ChatFrame1" && ours.test(text));
    const unread = this.lines().flatMap((line) => (line.kind === "malformed" ? [`${line.name}: ${line.reason}`] : []));
    return [...luaErrors, ...forbidden, ...leaks.map(({ text }) => text), ...unread];
  }
}

/** The bare form of a tag without its key, for messages of tests. */
export function shortTag(tag: Tag): string {
  return formatTag(tag, "").replace(/ #$/, "");
}

/** How the tests start a game that ends with the test. */
export type StartGame = (options?: StartOptions) => Promise<AddonGame>;
