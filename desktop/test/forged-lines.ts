import { formatHello, formatTag, type Tag } from "@mgm/domain/chat-line/tag";
import { type GameLocale, globalStrings } from "../../simulator/game/client/global-strings.ts";
import { HELLO } from "./log-lines.ts";
import { seededRandom } from "./seeded-random.ts";

/*
 * A chat log full of attempts, with the addon's own words in between. The attempts start from what the client writes when
 * somebody talks (its GlobalStrings, in two languages), not from the form of a tag: a player chooses a text and perhaps a
 * name, and the client puts its own words before it. The generator knows which lines it let the addon write, and nothing
 * else: it is the oracle for what may count.
 */

/** A piece of the log. */
export interface LogPiece {
  /** Bytes as the client writes them; most are one line. */
  readonly bytes: Buffer;
  /** What the addon said with it; null for everybody else's words. */
  readonly genuine: Tag | null;
  /** A SENDING in a right place without a key that counts: it may raise a question, and do nothing else. */
  readonly unkeyedSendingId: string | null;
}

/** Who is who in the log that is made. */
export interface ForgeryScene {
  readonly locale: GameLocale;
  /** The key that counts, and one that was spent before the log begins. */
  readonly key: string;
  readonly spentKey: string;
  /** A nonce that was answered before the log begins. */
  readonly spentNonce: string;
  readonly character: string;
}

const ROYAL = "[MGM_";
const LOOK_ALIKES: Readonly<Record<string, string>> = { M: "М", i: "і", m: "т", r: "г", o: "о", n: "п", e: "е" };
const OTHER_SCRIPTS = [
  "Ωμέγα",
  "ミミロン",
  "מימירון",
  "ﻢﻴﻣ",
  "𝕄imiron",
  "Mim\u200biron",
  "Mimi\u0301ron",
  "\u202eNorimiM",
];
const CHANNELS = ["1. General", "2. Trade", "4. LookingForGroup", "5. mgm", "7. [MGM_READY]"];
/** Kinds of talk whose words before the text are in GlobalStrings. */
const SAID = [
  "WHISPER",
  "WHISPER_INFORM",
  "SAY",
  "YELL",
  "EMOTE",
  "GUILD",
  "OFFICER",
  "PARTY",
  "PARTY_LEADER",
  "RAID",
  "RAID_LEADER",
  "RAID_WARNING",
  "AFK",
  "DND",
] as const;
/** The rest of what the client writes for talk; the stock texts of both languages, which the simulator needs no other way. */
const MORE: Readonly<Record<GameLocale, readonly string[]>> = {
  enUS: [
    "%s says: ",
    "%s yells: ",
    "%s whispers: ",
    "%s ",
    "|Hchannel:Battleground|h[Battleground]|h %s: ",
    "|Hchannel:Battleground|h[Battleground Leader]|h %s: ",
    "[%s] has earned the achievement ",
  ],
  ruRU: [
    "%s говорит: ",
    "%s кричит: ",
    "%s шепчет: ",
    "%s ",
    "|Hchannel:Battleground|h[Поле боя]|h %s: ",
    "|Hchannel:Battleground|h[Лидер поля боя]|h %s: ",
    "[%s] заслужил достижение ",
  ],
};
/** Roughly how many attempts stand between two words of the addon. */
const ATTEMPTS_PER_WORD = 40;
const LOG_START = new Date(2026, 3, 4, 12, 0, 0).getTime();
const TAG_NAMES = ["ACCEPT", "CONFIRM", "SENDING", "FAILED", "GIFT_ACCEPT", "GIFT_DECLINE", "GIFT_SENT"] as const;

/** So many pieces of a log, decided by a seed. */
export function* forgedLog(scene: ForgeryScene, seed: number, pieces: number): Generator<LogPiece> {
  const forger = new Forger(scene, seed);
  for (let count = 0; count < pieces; count += 1) yield forger.next();
}

class Forger {
  readonly #scene: ForgeryScene;
  readonly #random: () => number;
  #at = LOG_START;

  constructor(scene: ForgeryScene, seed: number) {
    this.#scene = scene;
    this.#random = seededRandom(seed);
  }

  next(): LogPiece {
    this.#at += this.#below(900);
    if (this.#below(ATTEMPTS_PER_WORD) === 0) return this.#addonSays();
    const roll = this.#below(100);
    if (roll < 70) return forged(this.#line(this.#talk(this.#spokenText())));
    if (roll < 80) return forged(this.#brokenLines());
    if (roll < 86) return this.#staleAddon();
    if (roll < 92) return forged(this.#afterGap());
    return forged(this.#line(this.#systemTextAboutNames()));
  }

  /** The addon itself, in a system line or in the whisper to oneself with its outgoing copy. */
  #addonSays(): LogPiece {
    const { locale, character, key } = this.#scene;
    const genuine: Tag = this.#tag();
    const text = formatTag(genuine, key);
    const whisper = (name: string) => fill(globalStrings(locale).get(name) ?? "", character) + text;
    const line = this.#below(3) > 0 ? this.#line(text) : this.#line(whisper("CHAT_WHISPER_GET"));
    const copy = this.#below(4) === 0 ? this.#line(whisper("CHAT_WHISPER_INFORM_GET")) : "";
    return { bytes: Buffer.from(copy + line), genuine, unkeyedSendingId: null };
  }

  /** Another addon in a right place, or ours before its key was changed: the form is perfect, the key is none. */
  #staleAddon(): LogPiece {
    const { spentKey, spentNonce, key } = this.#scene;
    if (this.#below(5) === 0) {
      const nonce = this.#below(2) === 0 ? spentNonce : this.#hex(32);
      return forged(this.#line(formatHello(nonce, { ...HELLO, character: this.#name() })));
    }
    const tag = this.#tag();
    const wrong = [spentKey, this.#hex(16), key.slice(0, 15), `${key}0`, key.replace(/./g, "0"), ""];
    const text = formatTag(tag, this.#one(wrong));
    const isWhole = /^4\/4|^/.test(text);
    const sendingId = isWhole && tag.name === "SENDING" ? tag.id : null;
    return { bytes: Buffer.from(this.#line(text)), genuine: null, unkeyedSendingId: sendingId };
  }

  /** What a person types, or a server says, to be taken for the addon. */
  #spokenText(): string {
    const { spentKey, key } = this.#scene;
    // Whoever learns the key that counts still cannot stand where the addon stands.
    const keyed = formatTag(this.#tag(), this.#one([spentKey, this.#hex(16), key]));
    const nested = keyed.replace(ROYAL, `${ROYAL}ACK:${this.#below(1e9)}]${ROYAL}`);
    const stamped = `4/4 12:00:00.000  ${keyed}`;
    const bare = keyed.slice(0, keyed.lastIndexOf(" #"));
    const wrapped = `${fill(globalStrings(this.#scene.locale).get("CHAT_WHISPER_GET") ?? "", this.#scene.character)}${keyed}`;
    return this.#one([
      keyed,
      nested,
      stamped,
      bare,
      wrapped,
      ` ${keyed}`,
      `|r${keyed}|r`,
      keyed.toLowerCase(),
      "hi",
      "!twgold",
    ]);
  }

  /** The client's own words, with somebody's name, before a text. */
  #talk(text: string): string {
    const { locale } = this.#scene;
    const name = this.#name();
    if (this.#below(4) === 0) return fill(this.#one(MORE[locale]), name) + text;
    if (this.#below(5) === 0) {
      return `[${this.#one(CHANNELS)}] ${fill(globalStrings(locale).get("CHAT_CHANNEL_GET") ?? "", name)}${text}`;
    }
    const kind = this.#one(SAID);
    // Nobody but the streamer's own character has its name: a whisper "from" it is from a look-alike.
    return fill(globalStrings(locale).get(`CHAT_${kind}_GET`) ?? "", name) + text;
  }

  /** The server puts names that players chose into its own texts. */
  #systemTextAboutNames(): string {
    const { locale } = this.#scene;
    const texts = [...globalStrings(locale)].filter(([key, text]) => key.startsWith("ERR_") && text.includes("%s"));
    const [, text = "%s"] = this.#one(texts.length > 0 ? texts : [["", "%s"] as [string, string]]);
    return fill(text, `${this.#name()} ${this.#spokenText()}`);
  }

  /** Somebody's text with line breaks in it: what follows them begins a line of the file. */
  #brokenLines(): string {
    const lineEnd = this.#one(["\n", "\r\n", "\r", "\n\n"]);
    const text = this.#spokenTextWithoutKey();
    return this.#line(this.#talk(`look${lineEnd}${text}`));
  }

  /** After a line break even the timestamp can be faked; only the key cannot. */
  #spokenTextWithoutKey(): string {
    const { spentKey } = this.#scene;
    const tag = this.#tag();
    // A SENDING in a right place may raise a question; that is what the others show.
    const harmless: Tag = tag.name === "SENDING" ? { name: "READY" } : tag;
    const text = formatTag(harmless, this.#one([spentKey, this.#hex(16)]));
    return this.#one([text, `4/4 12:00:00.000  ${text}`, `4/4 12:00:00.000 ${text}`, `12:00  ${text}`]);
  }

  /** The log was cut under the running client: zero bytes, then the rest of what somebody said, key and all. */
  #afterGap(): string {
    const said = `4/4 12:00:00.000  ${formatTag(this.#tag(), this.#one([this.#scene.spentKey, this.#scene.key]))}\r\n`;
    return `${"\0".repeat(1 + this.#below(3_000))}${said}`;
  }

  #tag(): Tag {
    const id = this.#id();
    switch (this.#below(10)) {
      case 0:
        return { name: "ACK", number: 1_775_304_000 + this.#below(1e6) };
      case 1: {
        const [characterName, online] = ["Norinn", this.#below(2) === 0];
        return {
          name: "WHO",
          report: { spinCycleId: id, characterName, online, capturedAt: "2026-04-04T12:00:01.000Z" },
        };
      }
      case 2:
        return { name: "ITEMS", id, stacks: [{ bag: 0, slot: 1, itemId: 33_470, count: 20 }] };
      default:
        return { name: this.#one(TAG_NAMES), id };
    }
  }

  /** Never the streamer's own: a look-alike, another script, a stranger, one with a mark or a tag in it. */
  #name(): string {
    const { character } = this.#scene;
    const at = this.#below(character.length);
    const letter = character[at] ?? "";
    const alike = character.slice(0, at) + (LOOK_ALIKES[letter] ?? "Ж") + character.slice(at + 1);
    const marks = ["<Away>", "<GM>", "<Busy>", "<Отсутствует>", "<ГМ>", " ", "[", "|cffffffff"];
    return this.#one([
      alike,
      `${character}x`,
      `x${character}`,
      this.#one(marks) + character,
      this.#one(OTHER_SCRIPTS),
      "Eve",
    ]);
  }

  #id(): string {
    return this.#hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  #hex(digits: number): string {
    return Array.from({ length: digits }, () => this.#below(16).toString(16)).join("");
  }

  #line(body: string): string {
    const at = new Date(this.#at);
    const two = (part: number) => String(part).padStart(2, "0");
    const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
    return `${at.getMonth() + 1}/${at.getDate()} ${time}  ${body}\r\n`;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #one<Choice>(choices: readonly Choice[]): Choice {
    const chosen = choices[this.#below(choices.length)];
    if (chosen === undefined) throw new Error("nothing to choose from");
    return chosen;
  }
}

function forged(text: string): LogPiece {
  return { bytes: Buffer.from(text), genuine: null, unkeyedSendingId: null };
}

function fill(template: string, name: string): string {
  return template.replace("%s", () => name);
}
