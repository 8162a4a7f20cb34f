import type { ChatKind, ChatMessage } from "../chat-log/log-line.ts";
import { globalString } from "../client/global-strings.ts";
import { cutBytes, encodeText, hasBrokenBytes } from "../vm/lua-text.ts";
import { type Character, normalizeName } from "./character.ts";
import { CHAT_BYTES, FLOOD } from "./personality.ts";
import type { World } from "./world.ts";

/*
 * What a server does with a chat text, in this order: muted → dropped; too long → dropped or cut; control characters and
 * `|0` → dropped; `!…` or `.…` → perhaps taken for a command; then the whisper's own rules. Everything refused without
 * an answer looks the same to the client: silence.
 */

const SAID: Readonly<Record<string, ChatKind>> = {
  SAY: "SAY",
  YELL: "YELL",
  EMOTE: "EMOTE",
  GUILD: "GUILD",
  OFFICER: "OFFICER",
  PARTY: "PARTY",
  RAID: "RAID",
  RAID_WARNING: "RAID_WARNING",
};

/** One text on its way to the server. */
export type ChatRequest = { readonly kind: string; readonly text: string; readonly target?: string | undefined };

/** What may happen to the streamer's next whisper. */
export type WhisperFault =
  /** It gets lost on the way: no delivery, no echo. */
  | { readonly kind: "lost" }
  /** It reaches the server later. */
  | { readonly kind: "late"; readonly delayMs: number }
  /** It is delivered, and the echo is lost or comes twice. */
  | { readonly kind: "echo_lost" }
  | { readonly kind: "echo_twice" };

/** The chat half of the server. */
export class ChatServer {
  readonly #world: World;
  readonly #flood = new Map<string, { count: number; lastMs: number; mutedUntilMs: number }>();
  readonly #channels: string[] = [];
  readonly #faults: WhisperFault[] = [];
  /** Below this level nobody whispers, save to himself. */
  minWhisperLevel = 1;

  constructor(world: World) {
    this.#world = world;
  }

  /** Names of the streamer's channels, by number from 1. */
  get channels(): readonly string[] {
    return this.#channels;
  }

  join(name: string): void {
    if (!this.#channels.includes(name)) this.#channels.push(name);
    this.#tell({ kind: "CHANNEL_NOTICE", text: "YOU_JOINED", channel: this.#channel(name) });
  }

  leave(name: string): void {
    const index = this.#channels.indexOf(name);
    if (index < 0) return;
    this.#tell({ kind: "CHANNEL_NOTICE", text: "YOU_LEFT", channel: this.#channel(name) });
    this.#channels.splice(index, 1);
  }

  /** The streamer's next whispers meet these, one each. */
  addFault(...faults: readonly WhisperFault[]): void {
    this.#faults.push(...faults);
  }

  /** A text of somebody, the streamer or another character, reaches the server. */
  receive(sender: Character, request: ChatRequest): void {
    const isAutomatic = request.kind === "AFK" || request.kind === "DND";
    const text = isAutomatic ? request.text : this.#accept(sender, request.text);
    if (text === undefined) return;
    if (isAutomatic) this.#setAway(sender, request.kind === "AFK" ? "afk" : "dnd", text);
    else if (request.kind === "WHISPER") this.#whisper(sender, text, request.target ?? "");
    else this.#say(sender, request, text);
  }

  #accept(sender: Character, text: string): string | undefined {
    const { personality } = this.#world;
    if (text === "" || this.#isMuted(sender)) return undefined;
    const isLong = encodeText(text).length > CHAT_BYTES;
    if (isLong && personality.longText === "dropped") return undefined;
    const kept = isLong ? cutBytes(text, CHAT_BYTES) : text;
    if (personality.dropsBrokenUtf8 && hasBrokenBytes(kept)) return undefined;
    const line = kept.split(/[\r\n]/, 1)[0] ?? "";
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the server looks for
    if (line === "" || /[\x00-\x08\x0b-\x1f]/.test(line) || line.includes("|0")) return undefined;
    return this.#isCommand(sender, line) ? undefined : line.replace(/ {2,}/g, " ");
  }

  #isMuted(sender: Character): boolean {
    const now = this.#world.clock.nowMs;
    const state = this.#flood.get(sender.name) ?? { count: 0, lastMs: 0, mutedUntilMs: 0 };
    this.#flood.set(sender.name, state);
    if (now < state.mutedUntilMs) return true;
    state.count = now - state.lastMs < FLOOD.withinMs ? state.count + 1 : 1;
    state.lastMs = now;
    if (!this.#world.personality.floodMute || sender.gm || state.count < FLOOD.messages) return false;
    state.mutedUntilMs = now + FLOOD.muteMs;
    state.count = 0;
    return true;
  }

  #isCommand(sender: Character, text: string): boolean {
    if (!/^[!.](?![!.]).+/.test(text)) return false;
    const isTaken = this.#world.personality.swallowsCommands === "everybody" || sender.gm;
    if (isTaken && sender === this.#world.streamer) this.#tell({ kind: "SYSTEM", text: "There is no such command" });
    return isTaken;
  }

  #whisper(sender: Character, text: string, target: string): void {
    const fault = sender === this.#world.streamer ? this.#faults.shift() : undefined;
    if (fault?.kind === "lost") return;
    if (fault?.kind === "late") this.#world.clock.after(fault.delayMs, () => this.#deliver(sender, text, target, 1));
    else this.#deliver(sender, text, target, fault?.kind === "echo_lost" ? 0 : fault?.kind === "echo_twice" ? 2 : 1);
  }

  #deliver(sender: Character, text: string, target: string, echoes: number): void {
    const world = this.#world;
    const receiver = world.find(target);
    const isSenderStreamer = sender === world.streamer;
    if (sender.level < this.minWhisperLevel && receiver !== sender) {
      const notice = `You must be at least level ${this.minWhisperLevel} to whisper.`;
      if (isSenderStreamer) world.toClient((link) => link.notice(notice));
      return;
    }
    if (receiver === undefined || !receiver.online || (receiver.invisible && receiver !== sender)) {
      if (isSenderStreamer) this.#system("ERR_CHAT_PLAYER_NOT_FOUND_S", normalizeName(target) || target);
      return;
    }
    if (receiver.faction !== sender.faction) {
      if (isSenderStreamer) this.#system("ERR_CHAT_WRONG_FACTION");
      return;
    }
    if (receiver.ignores.has(sender.name)) {
      if (isSenderStreamer) this.#tell({ kind: "IGNORED", text: "", sender: receiver.name }, receiver.guid);
      return;
    }
    receiver.whispers.push({ from: sender.name, text, atMs: world.clock.nowMs });
    // First the receiver's copy, then the sender's: who whispers to himself sees both, in this order.
    if (receiver === world.streamer) {
      this.#tell({ kind: "WHISPER", text, sender: sender.name, flag: flagOf(sender) }, sender.guid);
    }
    if (isSenderStreamer) {
      const echo: ChatMessage = { kind: "WHISPER_INFORM", text, sender: receiver.name, flag: flagOf(receiver) };
      for (let left = echoes; left > 0; left--) this.#tell(echo, receiver.guid);
      const away = receiver.afk ?? receiver.dnd;
      const kind = receiver.afk === undefined ? "DND" : "AFK";
      if (away !== undefined) this.#tell({ kind, text: away, sender: receiver.name }, receiver.guid);
    }
    if (receiver !== world.streamer) world.heard(receiver, sender, text);
  }

  #say(sender: Character, { kind, target }: ChatRequest, text: string): void {
    const said = SAID[kind];
    if (said !== undefined) this.#tell({ kind: said, text, sender: sender.name }, sender.guid);
    if (kind !== "CHANNEL") return;
    const number = Number(target);
    const name = Number.isNaN(number) ? (target ?? "") : (this.#channels[number - 1] ?? "");
    if (!this.#channels.includes(name)) return;
    this.#tell({ kind: "CHANNEL", text, sender: sender.name, channel: this.#channel(name) }, sender.guid);
  }

  #setAway(sender: Character, kind: "afk" | "dnd", text: string): void {
    const isOff = sender[kind] !== undefined && text === "";
    sender[kind] = isOff ? undefined : text || globalString(this.#world.locale, "DEFAULT_AFK_MESSAGE");
    if (sender === this.#world.streamer && kind === "afk") this.#system(isOff ? "CLEARED_AFK" : "MARKED_AFK");
  }

  #channel(name: string): { number: number; name: string } {
    return { number: this.#channels.indexOf(name) + 1, name };
  }

  #system(key: string, ...args: readonly string[]): void {
    this.#tell({ kind: "SYSTEM", text: globalString(this.#world.locale, key, ...args) });
  }

  #tell(message: ChatMessage, senderGuid?: string): void {
    this.#world.toClient((link) => link.chat(message, senderGuid));
  }
}

function flagOf({ gm, afk, dnd }: Character): "" | "AFK" | "DND" | "GM" {
  if (gm) return "GM";
  return afk !== undefined ? "AFK" : dnd !== undefined ? "DND" : "";
}
