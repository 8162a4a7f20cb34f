import type { ChatLog } from "../chat-log/chat-log.ts";
import { type ChatMessage, logLine } from "../chat-log/log-line.ts";
import type { GameClock } from "../clock.ts";
import type { LuaValue } from "../vm/lua-state.ts";
import type { Addon } from "../vm/toc.ts";
import type { World } from "../world/world.ts";
import type { GameLocale } from "./global-strings.ts";
import type { GameRecords } from "./records.ts";

/** What Lua asked for that can only happen between two frames. */
export type ClientRequest = "reload" | "logout" | "quit";

/** The running client as its API functions see it: the world outside, the log, and a way to raise events. */
export type Client = {
  readonly world: World;
  readonly clock: GameClock;
  readonly locale: GameLocale;
  readonly log: ChatLog;
  readonly records: GameRecords;
  readonly addons: readonly Addon[];
  readonly cvars: Map<string, string>;
  readonly framesPerSecond: number;
  readonly state: ClientState;
  /** Raises an event in Lua. */
  fire(event: string, ...args: readonly LuaValue[]): void;
  /** Calls a function of the prelude. */
  call(name: string, ...args: readonly LuaValue[]): LuaValue[];
};

/** What the client's own code remembers, apart from Lua. */
export type ClientState = {
  isLoggedIn: boolean;
  inCombat: boolean;
  request: ClientRequest | undefined;
  lineId: number;
  /** The character's money as the last update told it. */
  copper: number;
  /** Whether chat that no window listens to stays out of the log. */
  logNeedsWindow: boolean;
  /** Whether `|3-2(Имя)` is resolved before a line is written. */
  declinesNames: boolean;
  /** `window:group` pairs that are switched on. */
  readonly windowGroups: Set<string>;
};

const GROUP_OF: Readonly<Record<string, string>> = { WHISPER_INFORM: "WHISPER", AFK: "WHISPER", DND: "WHISPER" };

/** One message of the client's own code: into the log first, then as an event to whoever listens. */
export function addChatMessage(client: Client, message: ChatMessage, senderGuid = ""): void {
  const { kind, text, sender = "", flag = "", channel } = message;
  const group = GROUP_OF[kind] ?? kind;
  const isShown = [...client.state.windowGroups].some((one) => one.endsWith(`:${group}`));
  if (isShown || !client.state.logNeedsWindow) {
    client.log.write(logLine(client.locale, message, client.state.declinesNames), client.clock.nowMs);
  }
  client.state.lineId += 1;
  const isSaid = sender !== "" && !["SYSTEM", "IGNORED", "CHANNEL_NOTICE"].includes(kind);
  client.fire(
    `CHAT_MSG_${kind}`,
    text,
    sender,
    isSaid ? languageOf(client) : "",
    channel === undefined ? "" : `${channel.number}. ${channel.name}`,
    "",
    flag,
    0,
    channel?.number ?? 0,
    channel?.name ?? "",
    0,
    client.state.lineId,
    senderGuid,
  );
}

/** The language that the streamer's character speaks. */
export function languageOf({ world, locale }: Client): string {
  const isHorde = world.streamer.faction === "Horde";
  if (locale === "ruRU") return isHorde ? "орочий" : "всеобщий";
  return isHorde ? "Orcish" : "Common";
}
