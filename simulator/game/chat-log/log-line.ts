import { type GameLocale, globalString, globalStrings } from "../client/global-strings.ts";

/** The kinds of chat that the simulator knows: the names of the CHAT_MSG_ events. */
export type ChatKind =
  | "SYSTEM"
  | "WHISPER"
  | "WHISPER_INFORM"
  | "AFK"
  | "DND"
  | "IGNORED"
  | "SAY"
  | "YELL"
  | "EMOTE"
  | "CHANNEL"
  | "CHANNEL_NOTICE"
  | "GUILD"
  | "OFFICER"
  | "PARTY"
  | "PARTY_LEADER"
  | "RAID"
  | "RAID_LEADER"
  | "RAID_WARNING";

/** One message as the client's own code handles it, before any Lua. */
export type ChatMessage = {
  readonly kind: ChatKind;
  readonly text: string;
  readonly sender?: string;
  readonly flag?: "" | "AFK" | "DND" | "GM";
  readonly channel?: { readonly number: number; readonly name: string };
};

/** A rough dative: enough to show that the name in the log need not be the name. */
function decline(_: string, before: string, name: string): string {
  return `${before}${name.replace(/[аяйь]$/u, "")}${/[ая]$/u.test(name) ? "е" : "у"}`;
}

/**
 * What the log gets of a message: the client's own format, without the brackets and colours that Lua adds for a window.
 * Where the client resolves declension (`|3-2(Имя)`) before it writes, `declinesNames` is on.
 */
export function logLine(locale: GameLocale, message: ChatMessage, declinesNames = false): string {
  const { kind, text, sender = "", flag = "", channel } = message;
  if (kind === "SYSTEM") return text;
  if (kind === "IGNORED") return globalString(locale, "CHAT_IGNORED", sender);
  if (kind === "CHANNEL_NOTICE") {
    return globalString(locale, `CHAT_${text}_NOTICE`, channel?.number ?? 0, channel?.name ?? "");
  }
  const mark = flag === "" ? "" : (globalStrings(locale).get(`CHAT_FLAG_${flag}`) ?? "");
  const said = globalString(locale, `CHAT_${kind}_GET`, mark + sender) + text;
  if (kind === "CHANNEL" && channel !== undefined) return `[${channel.number}. ${channel.name}] ${said}`;
  return declinesNames ? said.replace(/^(.*?)\|3-\d+\(([^)]*)\)/, decline) : said;
}
