import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  acknowledgeOnly,
  type CommandName,
  type CommandText,
  describeGiftItem,
  formatCommand,
  hello,
  LONGEST_COMMAND_BYTES,
  receiveGold,
  requestGiftConfirmation,
  requestGiftItems,
  runWho,
  sendGift,
  updateStatus,
  whisperWinner,
  withdraw,
} from "@mgm/desktop/bridge/commands/command-text";
import type { ForgeryReason } from "@mgm/domain/chat-line";
import type { TagName } from "@mgm/domain/chat-line/tag";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { readVectors } from "@mgm/domain/golden/vectors";
import { ROOT } from "./page.ts";
import { code, table } from "./table.ts";

/* What desktop and addon say to each other: from domain's grammar, the desktop's own writer of commands, and the golden
   vectors that both programs are tested with. */

const TAG_MEANINGS: Readonly<Record<TagName, string>> = {
  HELLO: "answers a hello: who and where the addon is, and by which way it writes. In parts where it is long",
  READY: "the player logged in or reloaded: asks for a hello",
  BYE: "the player logged out; the log is written",
  ACK: "the command of this number was heard",
  WHO: "whether the candidate is online",
  ACCEPT: "the winner of this payout agreed",
  SENDING: "the mail of this payout or gift is about to be handed to the game",
  CONFIRM: "the gold of this payout was mailed: the game said so",
  FAILED: "that mail did not leave, or the gift's stack is gone",
  ITEMS: "what is in the bags: bag, slot, item and count of each stack",
  ITEM: "what the drawn stack is",
  GIFT_ACCEPT: "the viewer wants the gift",
  GIFT_DECLINE: "the viewer does not want it",
  GIFT_SENT: "the gift was mailed",
  UPDATE_CHECK: "somebody typed `/mgm update`",
};

const FORGERY_MEANINGS: Readonly<Record<ForgeryReason, string>> = {
  wrong_place: "Not believed, because they stand where a player can write",
  not_a_tag: "Because there is no such tag",
  beginning_unseen: "Because nobody saw how the line began (a log that was cut, or read from its middle)",
};

const FORGED_EXAMPLES = 4;
const GOLDEN = readFileSync(join(ROOT, "domain/golden/chat-lines.tsv"), "utf8");
const LINES = readVectors(GOLDEN).map(({ columns: [context = "", line = "", kind = "", detail = ""] }) => ({
  context,
  line,
  kind,
  detail,
}));

/** What each tag says, and a line of each from the golden vectors. */
export function tags(): string {
  const names = Object.keys(TAG_MEANINGS);
  return `${table(
    ["tag", "what it says"],
    Object.entries(TAG_MEANINGS).map(([name, meaning]) => [code(name), meaning]),
  )}\n\nAs they stand in the log:\n\n${textBlock(names.map(lineOf))}`;
}

function lineOf(name: string): string {
  const head = new RegExp(`\\[MGM_${name}[:\\]]`);
  const example = LINES.find(({ context, line, kind }) => context === "known" && kind !== "forged" && head.test(line));
  if (example === undefined) throw new Error(`the golden lines have no ${name}`);
  return example.line;
}

/** Lines that look like tags and are not believed. */
export function forgedLines(): string {
  const forged = LINES.filter(({ kind }) => kind === "forged");
  return Object.entries(FORGERY_MEANINGS)
    .map(([reason, meaning]) => {
      const lines = forged.filter(({ detail }) => detail.split(" ")[0] === reason).slice(0, FORGED_EXAMPLES);
      return `${meaning}:\n\n${textBlock(lines.map(({ line }) => line))}`;
    })
    .join("\n\n");
}

function textBlock(lines: readonly string[]): string {
  return ["```text", ...lines, "```"].join("\n");
}

const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const KEY = "0123456789abcdef";
const STACK = { bag: 0, slot: 16, itemId: 33470, count: 20 };
const GOLD =
  receiveGold([{ payoutId: ID, characterName: "Norinn", copper: PAYOUT_COPPER }])[0]?.command ?? acknowledgeOnly();

const COMMANDS: Readonly<Record<CommandName, readonly [CommandText, string]>> = {
  MGM_Hello: [hello("00112233445566778899aabbccddeeff", KEY), "hands the addon the key, and asks who it is"],
  MGM_RunWhoForSpin: [runWho(ID, "Норинн"), "asks the game whether the candidate is online"],
  NotifyWinnerWhisper: [whisperWinner(ID, "Norinn"), "whispers the winner"],
  ReceiveGold: [GOLD, "puts gold mails into the addon's queue; several in one line, as many as fit"],
  MGM_Withdraw: [withdraw(ID), "takes a row out of that queue"],
  MGM_RequestGiftItems: [requestGiftItems(ID), "asks what is in the bags"],
  MGM_DescribeGiftItem: [describeGiftItem(ID, STACK), "asks what a stack is"],
  MGM_RequestGiftConfirmation: [requestGiftConfirmation(ID, "Norinn", STACK), "asks the viewer whether they want it"],
  MGM_SendGift: [sendGift(ID, "Norinn", STACK), "puts the gift's mail into the queue"],
  MGM_UpdateStatus: [updateStatus("1.1.0", "1.0.0", "newer"), "says how the addon's version stands"],
};

const NUMBER = 1_775_304_001;

/** What each command does, and how the desktop types it. */
export function commands(): string {
  const rows = Object.entries(COMMANDS);
  return `${table(
    ["command", "what it does"],
    rows.map(([name, [, meaning]]) => [code(name), meaning]),
  )}\n\nAs they are typed, in at most ${LONGEST_COMMAND_BYTES} bytes, all of them ASCII:\n\n${textBlock(
    rows.map(([, [command]]) => formatCommand(command, NUMBER)),
  )}`;
}

const NAME_EXAMPLES = 4;

/** Character names from the golden vectors: taken ones first, then some of each refusal. */
export function names(): string {
  const vectors = readVectors(readFileSync(join(ROOT, "domain/golden/character-names.tsv"), "utf8"));
  const rows = vectors.map(({ columns: [typed = "", result = ""] }) => ({ typed, result }));
  const isVisible = ({ typed }: { typed: string }): boolean =>
    /^[\p{L}\p{Nd} '-]+$/u.test(typed) && typed.trim() === typed;
  const some = (choose: (result: string) => boolean) =>
    rows.filter((row) => choose(row.result) && isVisible(row)).slice(0, NAME_EXAMPLES);
  const taken = (script: RegExp) => some((result) => script.test(result));
  return table(
    ["typed", "becomes"],
    [
      ...[...taken(/^\p{Script=Latin}+$/u), ...taken(/^\p{Script=Cyrillic}+$/u)].map(({ typed, result }) => [
        code(typed),
        code(result),
      ]),
      ...["length", "letters", "mixed_script"].flatMap((reason) =>
        some((result) => result === `!${reason}`).map(({ typed }) => [code(typed), `refused: ${code(reason)}`]),
      ),
    ],
  );
}
