import type { BagStack } from "@mgm/domain/chat-line/payload";

/*
 * The lines that are typed into the game: `/run <function>(<arguments>,<number>)`. The client's chat box takes 255 bytes
 * and its window is no Unicode one, so a line is ASCII, and every other byte is written as Lua writes it (`\208`): a name
 * of twelve Cyrillic letters takes 96 characters, and still each command fits.
 */

/** A command without its number. */
export interface CommandText {
  readonly name: CommandName;
  readonly args: readonly (string | number)[];
  /** A Lua statement that runs first, in ASCII. */
  readonly before?: string;
}

/** The addon's global functions. */
export type CommandName =
  | "MGM_Hello"
  | "MGM_RunWhoForSpin"
  | "NotifyWinnerWhisper"
  | "ReceiveGold"
  | "MGM_Withdraw"
  | "MGM_RequestGiftItems"
  | "MGM_DescribeGiftItem"
  | "MGM_RequestGiftConfirmation"
  | "MGM_SendGift"
  | "MGM_UpdateStatus";

/** What a chat box takes, with one byte to spare. */
export const LONGEST_COMMAND_BYTES = 254;
/** The longest number that the addon acknowledges. */
const LONGEST_NUMBER = 999_999_999_999_999;
/** Two of them fit even if each character takes four. */
const LONGEST_VERSION = 24;
/** An id that no payout and no gift request has. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** One gold mail. */
export interface GoldEntry {
  readonly payoutId: string;
  readonly characterName: string;
  readonly copper: number;
}

/** What the server says about versions. */
export type UpdateCode = "current" | "newer" | "too_old" | "unreachable";

/** Writes a command as one line. Throws when it would be cut by the chat box, which no builder here lets happen. */
export function formatCommand({ name, args, before }: CommandText, number: number): string {
  const line = `/run ${before === undefined ? "" : `${before} `}${name}(${[...args, number].map(literal).join(",")})`;
  if (line.length > LONGEST_COMMAND_BYTES) throw new RangeError(`${name} is too long for the game's chat box`);
  return line;
}

/** Hands the addon our key; the nonce proves that its answer is one. */
export function hello(nonce: string, key: string): CommandText {
  return { name: "MGM_Hello", args: [nonce, key] };
}

/** Looks for a candidate. */
export function runWho(spinCycleId: string, characterName: string): CommandText {
  return { name: "MGM_RunWhoForSpin", args: [spinCycleId, characterName] };
}

/** Whispers a winner. */
export function whisperWinner(payoutId: string, characterName: string): CommandText {
  return { name: "NotifyWinnerWhisper", args: [payoutId, characterName] };
}

/** Names gold to be mailed, in as few commands as hold whole entries, in the order given. */
export function receiveGold(entries: readonly GoldEntry[]): { command: CommandText; payoutIds: string[] }[] {
  const commands: { command: CommandText; payoutIds: string[] }[] = [];
  let text = "";
  let payoutIds: string[] = [];
  for (const { payoutId, characterName, copper } of entries) {
    const entry = `${payoutId}:${characterName}:${copper};`;
    if (text !== "" && !fits({ name: "ReceiveGold", args: [text + entry] })) {
      commands.push({ command: { name: "ReceiveGold", args: [text] }, payoutIds });
      text = "";
      payoutIds = [];
    }
    text += entry;
    payoutIds.push(payoutId);
  }
  if (text !== "") commands.push({ command: { name: "ReceiveGold", args: [text] }, payoutIds });
  return commands;
}

/** Takes a row, gold or gift, out of the mail queue. */
export function withdraw(id: string): CommandText {
  return { name: "MGM_Withdraw", args: [id] };
}

/** Asks what is in the bags. */
export function requestGiftItems(giftRequestId: string): CommandText {
  return { name: "MGM_RequestGiftItems", args: [giftRequestId] };
}

/** Has one stack described. */
export function describeGiftItem(giftRequestId: string, stack: BagStack): CommandText {
  return { name: "MGM_DescribeGiftItem", args: [giftRequestId, ...place(stack)] };
}

/** Has the viewer asked. */
export function requestGiftConfirmation(giftRequestId: string, characterName: string, stack: BagStack): CommandText {
  return { name: "MGM_RequestGiftConfirmation", args: [giftRequestId, characterName, ...place(stack)] };
}

/** Queues the gift's mail. */
export function sendGift(giftRequestId: string, characterName: string, stack: BagStack): CommandText {
  return { name: "MGM_SendGift", args: [giftRequestId, characterName, ...place(stack)] };
}

/** Tells the addon how its version stands. */
export function updateStatus(latest: string, installed: string, code: UpdateCode): CommandText {
  return { name: "MGM_UpdateStatus", args: [shortVersion(latest), shortVersion(installed), code] };
}

/**
 * Has the streamer's character whisper a text of ASCII letters and digits to itself. The addon's part is only to
 * acknowledge: nothing of that id is in its queue.
 */
export function whisperMyself(text: string): CommandText {
  return { ...withdraw(NOBODY), before: `SendChatMessage("${text}","WHISPER",nil,UnitName("player"))` };
}

/** Makes the addon do nothing but write into the log that it heard. */
export function acknowledgeOnly(): CommandText {
  return withdraw(NOBODY);
}

// Versions come from elsewhere: what is longer than any version must not make a line that cannot be typed.
function shortVersion(version: string): string {
  return version.replace(/[^\x20-\x7e]/g, "?").slice(0, LONGEST_VERSION);
}

function place({ bag, slot, itemId, count }: BagStack): number[] {
  return [bag, slot, itemId, count];
}

function fits({ name, args }: CommandText): boolean {
  return `/run ${name}(${[...args, LONGEST_NUMBER].map(literal).join(",")})`.length <= LONGEST_COMMAND_BYTES;
}

function literal(value: string | number): string {
  if (typeof value === "number") return String(value);
  const written = [...Buffer.from(value, "utf8")].map((byte) =>
    // The chat box doubles `|`, and a quote or a backslash would end the text or eat its end.
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c || byte === 0x7c
      ? `\\${String(byte).padStart(3, "0")}`
      : String.fromCharCode(byte),
  );
  return `"${written.join("")}"`;
}
