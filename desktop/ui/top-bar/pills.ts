import type { DesktopState } from "../../wire/state.ts";
import { timeOfDay } from "../page/clock-texts.ts";
import type { Language } from "../texts/language.ts";
import type { Sentence, TextKey } from "../texts/texts.ts";

/* The status pills: each says in a few words how a part of the machine is, and holds the facts behind it. */

/** A pill. */
export interface Pill {
  readonly id: "game" | "log" | "server" | "mailbox" | "command";
  /** Colour of its dot; the words say the same. */
  readonly tone: "ok" | "warn" | "bad" | "quiet";
  readonly label: Sentence;
  readonly facts: readonly Fact[];
}

/** A line behind a pill. A value is either one of our texts or what the machine said. */
export interface Fact {
  readonly name: TextKey;
  readonly value: Sentence | string;
}

/** All pills, in their order. */
export function pillsOf({ status }: DesktopState, language: Language): readonly Pill[] {
  return [
    gamePill(status),
    logPill(status),
    serverPill(status, language),
    mailboxPill(status, language),
    commandPill(status, language),
  ];
}

type Status = DesktopState["status"];

const NONE: Sentence = { key: "fact.none" };

function gamePill({ game }: Status): Pill {
  const facts: Fact[] = [
    { name: "fact.process", value: said(game.processId) },
    { name: "fact.window", value: said(game.windowTitle) },
    { name: "fact.world", value: { key: game.isWorldShown ? "fact.world.yes" : "fact.world.no" } },
    { name: "fact.character", value: said(game.character) },
    { name: "fact.realm", value: said(game.realm) },
  ];
  if (!game.isFound) return { id: "game", tone: "bad", label: { key: "pill.game.none" }, facts };
  if (!game.isWorldShown) return { id: "game", tone: "warn", label: { key: "pill.game.no_world" }, facts };
  const title = [game.windowTitle, game.character].filter((part) => part !== null).join(", ");
  return { id: "game", tone: "ok", label: { key: "pill.game", values: { title } }, facts };
}

function logPill({ log }: Status): Pill {
  const facts: Fact[] = [
    { name: "fact.path", value: said(log.path) },
    { name: "fact.transport", value: said(log.transport) },
    { name: "fact.delay", value: log.delayMs === null ? NONE : `${log.delayMs} ms` },
  ];
  if (!log.isPresent) return { id: "log", tone: "bad", label: { key: "pill.log.none" }, facts };
  if (log.delayMs === null) return { id: "log", tone: "warn", label: { key: "pill.log.unmeasured" }, facts };
  return { id: "log", tone: "ok", label: { key: "pill.log", values: { delay: log.delayMs } }, facts };
}

function serverPill({ api, lease }: Status, language: Language): Pill {
  const facts: Fact[] = [
    { name: "fact.last_answer", value: at(api.lastAnswerAt, language) },
    { name: "fact.code", value: said(api.code) },
    {
      name: "fact.lease",
      value:
        lease.isActive && lease.activeSince !== null
          ? { key: "fact.lease.yes", values: { time: timeOfDay(Date.parse(lease.activeSince), language) } }
          : { key: "fact.lease.no" },
    },
  ];
  switch (api.state) {
    case "ok":
      return lease.isOtherActive
        ? { id: "server", tone: "warn", label: { key: "pill.server.other" }, facts }
        : { id: "server", tone: "ok", label: { key: "pill.server" }, facts };
    case "unknown":
      return { id: "server", tone: "quiet", label: { key: "pill.server.unknown" }, facts };
    case "unreachable":
      return { id: "server", tone: "bad", label: { key: "pill.server.unreachable" }, facts };
    case "refused":
      return { id: "server", tone: "bad", label: { key: "pill.server.refused" }, facts };
    default:
      return api.state satisfies never;
  }
}

function mailboxPill({ mailbox }: Status, language: Language): Pill {
  const facts: Fact[] = [
    { name: "fact.waiting_mails", value: String(mailbox.waitingMails) },
    { name: "fact.last_mail", value: at(mailbox.lastMailAt, language) },
  ];
  return mailbox.waitingMails === 0
    ? { id: "mailbox", tone: "quiet", label: { key: "pill.mailbox.empty" }, facts }
    : { id: "mailbox", tone: "warn", label: { key: "pill.mailbox", values: { n: mailbox.waitingMails } }, facts };
}

function commandPill({ commands, addon }: Status, language: Language): Pill {
  const bang: Sentence = addon.bangSwallowed ? { key: "fact.bang.swallowed" } : { key: "fact.bang.kept" };
  const facts: Fact[] = [
    { name: "fact.addon", value: said(addon.version) },
    { name: "fact.locale", value: said(addon.locale) },
    { name: "fact.bang", value: addon.bangSwallowed === null ? NONE : bang },
    {
      name: "fact.typing",
      value: commands.ban === null ? { key: "fact.typing.allowed" } : { key: `code.${commands.ban}` },
    },
    { name: "fact.waiting_commands", value: commands.waiting.length === 0 ? NONE : commands.waiting.join(", ") },
  ];
  if (commands.lastAcknowledgedAt === null)
    return { id: "command", tone: "quiet", label: { key: "pill.command.none" }, facts };
  const time = timeOfDay(commands.lastAcknowledgedAt, language);
  return {
    id: "command",
    tone: addon.isNewEnough === false ? "bad" : "ok",
    label: { key: "pill.command", values: { time } },
    facts,
  };
}

function said(value: string | number | null): Sentence | string {
  return value === null || value === "" ? NONE : String(value);
}

function at(moment: number | null, language: Language): Sentence | string {
  return moment === null ? NONE : timeOfDay(moment, language);
}
