import { join } from "node:path";
import { formatHello, formatTag, type Tag } from "@mgm/domain/chat-line/tag";
import { RecordLog } from "../twitch/record-log.ts";
import { appendChatLine } from "./chat-log-file.ts";
import { parseCommand } from "./commands.ts";
import { MemoryFile } from "./memory-file.ts";

/*
 * Stands where the game client with the addon will stand: commands are typed in, lines come out of the chat log, and
 * in between are a realm full of characters and a streamer who empties the mail queue.
 *
 *   /who ─► [MGM_WHO]      whisper ─► (the winner answers) ─► [MGM_ACCEPT]      gold ─► [MGM_SENDING] ─► [MGM_CONFIRM]
 */

/** A whisper that the streamer's character sent. */
export type SentWhisper = { readonly payoutId: string; readonly to: string };

/** A mail with gold in it. */
export type SentMail = { readonly payoutId: string; readonly to: string; readonly copper: number };

/** How long things take in the game, in milliseconds. */
export type GamePace = { readonly whoMs: number; readonly answerMs: number; readonly mailMs: number };

/** What the stand-in is made of. */
export type GameStandInOptions = {
  /** Holds the chat log and what the addon remembers. */
  readonly folder: string;
  readonly pace?: GamePace;
};

const PACE: GamePace = { whoMs: 900, answerMs: 1_800, mailMs: 1_500 };
const STREAMER = { character: "Mimiron", realm: "Ulduar" } as const;
const REMEMBERED = 200;

const WINNER_WHISPER =
  "Поздравляю, ты победил в розыгрыше! Дай мне своё согласие на получение награды - ответь на это сообщение одной фразой: !twgold";
const MAIL_WHISPER = "Награда отправлена тебе на почту, проверяй ящик!";

type Asked = { readonly payoutId: string; readonly name: string; readonly accepted: boolean };
type AddonMemory = { key: string; asked: readonly Asked[]; sent: readonly string[] };

/** The game. Everybody is online and answers, save those who are named here. */
export class GameStandIn {
  readonly chatLogFile: string;
  readonly whispers = new RecordLog<SentWhisper>();
  readonly mails = new RecordLog<SentMail>();
  /** Canonical names of characters that are not online. */
  readonly offline = new Set<string>();
  /** Canonical names of characters that do not answer whispers. */
  readonly silent = new Set<string>();
  readonly #memory: MemoryFile<AddonMemory>;
  readonly #pace: GamePace;
  readonly #queued = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor({ folder, pace = PACE }: GameStandInOptions) {
    this.chatLogFile = join(folder, "WoWChatLog.txt");
    this.#memory = new MemoryFile<AddonMemory>(join(folder, "addon.json"), { key: "", asked: [], sent: [] });
    this.#pace = pace;
    // Who was asked before the last stop answers now.
    for (const asked of this.#memory.value.asked) if (!asked.accepted) this.#answerLater(asked);
  }

  /** A line typed into the chat box; what is no command is talk, and nobody listens. */
  type(line: string): void {
    const command = parseCommand(line);
    if (command === null) return;
    const [first = "", second = ""] = command.args;
    if (command.name === "MGM_Hello") this.#hello(first, second);
    this.#emit({ name: "ACK", number: command.number });
    switch (command.name) {
      case "MGM_Hello":
        this.#repeatWhatWasSaid();
        break;
      case "MGM_RunWhoForSpin":
        this.#who(first, second);
        break;
      case "NotifyWinnerWhisper":
        this.#whisper(first, second);
        break;
      case "ReceiveGold":
        this.#queueMails(first);
        break;
      case "MGM_Withdraw":
        this.#queued.delete(first);
        break;
      default:
        command.name satisfies never;
    }
  }

  /** Nothing happens in the game any more. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #hello(nonce: string, key: string): void {
    this.#memory.change({ key });
    const hello = formatHello(nonce, {
      addonVersion: "0.1.0",
      ...STREAMER,
      locale: "enUS",
      transport: "system",
      whisperFormat: "%s whispers: ",
      bangSwallowed: false,
    });
    this.#log(hello);
  }

  #repeatWhatWasSaid(): void {
    const { asked, sent } = this.#memory.value;
    for (const { payoutId, accepted } of asked) if (accepted) this.#emit({ name: "ACCEPT", id: payoutId });
    for (const payoutId of sent) this.#emit({ name: "CONFIRM", id: payoutId });
  }

  #who(spinCycleId: string, characterName: string): void {
    this.#later(this.#pace.whoMs, () => {
      const online = !this.offline.has(characterName);
      const capturedAt = new Date().toISOString();
      this.#emit({ name: "WHO", report: { spinCycleId, characterName, online, capturedAt } });
    });
  }

  #whisper(payoutId: string, name: string): void {
    const { asked } = this.#memory.value;
    if (asked.some((one) => one.payoutId === payoutId)) return;
    const added = { payoutId, name, accepted: false };
    this.#memory.change({ asked: [...asked, added].slice(-REMEMBERED) });
    this.#log(`To ${name}: ${WINNER_WHISPER}`);
    this.whispers.push({ payoutId, to: name });
    this.#answerLater(added);
  }

  #answerLater({ payoutId, name }: Asked): void {
    if (this.silent.has(name)) return;
    this.#later(this.#pace.answerMs, () => {
      this.#log(`${name} whispers: !twgold`);
      const asked = this.#memory.value.asked.map((one) =>
        one.payoutId === payoutId ? { ...one, accepted: true } : one,
      );
      this.#memory.change({ asked });
      this.#emit({ name: "ACCEPT", id: payoutId });
    });
  }

  #queueMails(entries: string): void {
    for (const entry of entries.split(";")) {
      const [payoutId = "", to = "", copper = ""] = entry.split(":");
      if (payoutId === "" || this.#queued.has(payoutId) || this.#memory.value.sent.includes(payoutId)) continue;
      this.#queued.add(payoutId);
      this.#later(this.#pace.mailMs, () => this.#mail({ payoutId, to, copper: Number(copper) }));
    }
  }

  #mail(mail: SentMail): void {
    if (!this.#queued.delete(mail.payoutId)) return;
    this.#emit({ name: "SENDING", id: mail.payoutId });
    this.#memory.change({ sent: [...this.#memory.value.sent, mail.payoutId].slice(-REMEMBERED) });
    this.mails.push(mail);
    this.#emit({ name: "CONFIRM", id: mail.payoutId });
    this.#log(`To ${mail.to}: ${MAIL_WHISPER}`);
  }

  #emit(tag: Tag): void {
    this.#log(formatTag(tag, this.#memory.value.key));
  }

  #log(text: string): void {
    appendChatLine(this.chatLogFile, text);
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}
