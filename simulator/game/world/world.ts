import type { GameLocale } from "../client/global-strings.ts";
import type { GameClock } from "../clock.ts";
import { type Random, seededRandom } from "../random.ts";
import { type Character, type CharacterInput, createCharacter, normalizeName } from "./character.ts";
import { type ChatRequest, ChatServer } from "./chat-server.ts";
import { Inventory } from "./inventory.ts";
import type { ClientLink } from "./link.ts";
import { type MailRequest, MailServer } from "./mail-server.ts";
import { PERSONALITIES, type ServerPersonality } from "./personality.ts";
import { WhoServer } from "./who-server.ts";

/*
 * The realm: everybody on it and the server's rules. The client is connected by a link; packets take a while in either
 * direction, and what is under way to a client that died is lost, while what it had sent still takes effect.
 */

/** What a realm is made of. */
export type WorldOptions = {
  readonly server?: ServerPersonality["name"] | ServerPersonality;
  readonly seed?: number;
  readonly realm?: string;
  readonly streamer?: { readonly name?: string } & CharacterInput;
  readonly copper?: number;
  /** One way, with up to half as much again by chance. */
  readonly latencyMs?: number;
  /** Characters by name. */
  readonly characters?: Readonly<Record<string, CharacterInput>>;
};

/** Hears what a character was whispered. */
export type WhisperListener = (receiver: Character, from: Character, text: string) => void;

/** One realm with the streamer's character on it. */
export class World {
  readonly clock: GameClock;
  readonly locale: GameLocale;
  readonly realm: string;
  readonly random: Random;
  readonly streamer: Character;
  readonly inventory: Inventory;
  readonly chat: ChatServer;
  readonly who: WhoServer;
  readonly mail: MailServer;
  personality: ServerPersonality;
  readonly #latencyMs: number;
  readonly #characters = new Map<string, Character>();
  readonly #listeners: WhisperListener[] = [];
  #link: ClientLink | undefined;
  /** Counts the connections: what was meant for an earlier one is never told to a later one. */
  #connection = 0;
  #lastUpMs = 0;
  #lastDownMs = 0;

  constructor(clock: GameClock, locale: GameLocale, options: WorldOptions = {}) {
    this.clock = clock;
    this.locale = locale;
    this.realm = options.realm ?? "Icecrown";
    this.random = seededRandom(options.seed ?? 1);
    const { server = "trinitycore" } = options;
    this.personality = typeof server === "string" ? PERSONALITIES[server] : server;
    this.#latencyMs = options.latencyMs ?? 40;
    this.inventory = new Inventory(options.copper ?? 1_000_000_000);
    const { name = "Norinn", ...streamer } = options.streamer ?? {};
    this.streamer = this.add(name, { ...streamer, online: false });
    for (const [one, input] of Object.entries(options.characters ?? {})) this.add(one, input);
    this.chat = new ChatServer(this);
    this.who = new WhoServer(this);
    this.mail = new MailServer(this);
  }

  get characters(): readonly Character[] {
    return [...this.#characters.values()];
  }

  /** Creates a character, or answers the one of this name. */
  add(name: string, input: CharacterInput = {}): Character {
    const key = normalizeName(name);
    const known = this.#characters.get(key);
    if (known !== undefined) return Object.assign(known, input);
    const made = createCharacter(key, this.#characters.size + 0x12345, input);
    this.#characters.set(key, made);
    return made;
  }

  /** The character that the server takes this text for. */
  find(name: string): Character | undefined {
    return this.#characters.get(normalizeName(name));
  }

  /** Somebody hears every whisper that reaches another character. */
  onWhisper(listener: WhisperListener): void {
    this.#listeners.push(listener);
  }

  heard(receiver: Character, from: Character, text: string): void {
    for (const listener of this.#listeners) listener(receiver, from, text);
  }

  /** The streamer's client enters the realm. */
  connect(link: ClientLink): void {
    this.#connection += 1;
    this.#link = link;
    this.streamer.online = true;
  }

  /** The same connection has a new interface at its end: a /reload. */
  reattach(link: ClientLink): void {
    this.#link = link;
  }

  /** The client left or died; a dead one is noticed no earlier. */
  disconnect(): void {
    this.#link = undefined;
    this.streamer.online = false;
  }

  /** Money comes or goes for a reason that has nothing to do with our mail: loot, repairs, another mail. */
  changeMoney(copper: number): void {
    this.inventory.copper += copper;
    this.toClient((link) => link.money());
  }

  // ------------------------------------------------------------ packets

  sendChat(request: ChatRequest): void {
    this.#up(() => this.chat.receive(this.streamer, request));
  }

  sendWho(query: string): void {
    this.#up(() => this.who.receive(query));
  }

  sendMail(request: MailRequest): void {
    this.#up(() => this.mail.receive(request));
  }

  /** Any other work of the server that the client asked for. */
  send(work: () => void): void {
    this.#up(work);
  }

  /** A packet to the client that is connected now; another one does not get it. Order is kept. */
  toClient(say: (link: ClientLink) => void): void {
    const connection = this.#connection;
    if (this.#link === undefined) return;
    this.#lastDownMs = Math.max(this.#lastDownMs, this.clock.nowMs + this.#delay());
    // Rounded up to the next thousandth: two packets of one moment must not swap places.
    this.clock.after(Math.ceil((this.#lastDownMs - this.clock.nowMs) * 1_000) / 1_000, () => {
      if (this.#link !== undefined && this.#connection === connection) say(this.#link);
    });
  }

  /** As `toClient`, told after a while; lost if the client that is connected now is gone by then. */
  toClientAfter(delayMs: number, say: (link: ClientLink) => void): void {
    const connection = this.#connection;
    this.clock.after(delayMs, () => {
      if (this.#connection === connection) this.toClient(say);
    });
  }

  #up(work: () => void): void {
    this.#lastUpMs = Math.max(this.#lastUpMs, this.clock.nowMs + this.#delay());
    this.clock.after(Math.ceil((this.#lastUpMs - this.clock.nowMs) * 1_000) / 1_000, work);
  }

  #delay(): number {
    return this.#latencyMs * (1 + this.random() / 2);
  }
}
