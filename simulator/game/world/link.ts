import type { ChatMessage } from "../chat-log/log-line.ts";
import type { MailError } from "./mail-rules.ts";

/** One row of a /who answer. */
export type WhoRow = {
  readonly name: string;
  readonly guild: string;
  readonly level: number;
  readonly race: string;
  readonly class: string;
  readonly zone: string;
};

/** What the server sends to the streamer's client. Without a client, nobody hears it. */
export type ClientLink = {
  /** `senderGuid` goes into the event's last argument. */
  chat(message: ChatMessage, senderGuid?: string): void;
  addonMessage(prefix: string, text: string, kind: string, sender: string): void;
  who(rows: readonly WhoRow[], total: number): void;
  /** The answer to a mail command that sends; undefined is success. */
  mailResult(error: MailError | undefined): void;
  /** The answer to any other mail command: taking from the inbox, deleting. */
  otherMailResult(error: MailError | undefined): void;
  money(): void;
  bagChanged(bag: number): void;
  openMailbox(): void;
  closeMailbox(): void;
  /** The server's notification across the screen. */
  notice(text: string): void;
  /** The client dies here and now. */
  crash(): void;
};
