/*
 * What the demo understands of the lines that a desktop types: it must know who is talked about, so that there is such a
 * person on the realm.
 */

const NAMES = [
  "MGM_RunWhoForSpin",
  "NotifyWinnerWhisper",
  "ReceiveGold",
  "MGM_RequestGiftConfirmation",
  "MGM_SendGift",
] as const;

/** A command that names somebody. */
export type TypedCommand = { readonly name: (typeof NAMES)[number]; readonly args: readonly string[] };

const LINE = /^\/run ([A-Za-z_]+)\((.*)\)$/;
const ARGUMENT = /"((?:[^"\\]|\\.)*)"|(\d+)/g;

/** Reads such a line; null for anything else that somebody types. */
export function readTypedCommand(line: string): TypedCommand | null {
  const [, name = "", list = ""] = LINE.exec(line) ?? [];
  const known = NAMES.find((one) => one === name);
  if (known === undefined) return null;
  return { name: known, args: [...list.matchAll(ARGUMENT)].map(([, text, number]) => number ?? unquote(text ?? "")) };
}

function unquote(text: string): string {
  const bytes: number[] = [];
  for (const [, code, character] of text.matchAll(/\\(\d{1,3})|(.)/gs)) {
    bytes.push(code === undefined ? (character ?? "").charCodeAt(0) : Number(code));
  }
  return Buffer.from(bytes).toString("utf8");
}
