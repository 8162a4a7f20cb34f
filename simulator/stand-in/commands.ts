/* The lines that the desktop types and the addon runs. ASCII only: other bytes are written as Lua writes them. */

const NAMES = ["MGM_Hello", "MGM_RunWhoForSpin", "NotifyWinnerWhisper", "ReceiveGold", "MGM_Withdraw"] as const;

/** The commands that the stand-ins know. */
export type CommandName = (typeof NAMES)[number];

/** A command with its number, which the addon acknowledges. */
export type Command = { readonly name: CommandName; readonly args: readonly string[]; readonly number: number };

const LINE = /^\/run ([A-Za-z_]+)\((.*)\)$/;
const ARGUMENT = /"((?:[^"\\]|\\.)*)"|(\d+)/g;

/** Writes a command as one line for the game's chat box. */
export function formatCommand({ name, args, number }: Command): string {
  return `/run ${name}(${[...args.map(quote), String(number)].join(",")})`;
}

/** Reads such a line; null for anything else that somebody types. */
export function parseCommand(line: string): Command | null {
  const [, name = "", list = ""] = LINE.exec(line) ?? [];
  const known = NAMES.find((one) => one === name);
  if (known === undefined) return null;
  const args = [...list.matchAll(ARGUMENT)].map(([, text, number]) => number ?? unquote(text ?? ""));
  return { name: known, args: args.slice(0, -1), number: Number(args.at(-1)) };
}

function quote(text: string): string {
  const bytes = [...Buffer.from(text, "utf8")];
  const written = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x20 || byte > 0x7e || character === '"' || character === "\\"
      ? `\\${String(byte).padStart(3, "0")}`
      : character;
  });
  return `"${written.join("")}"`;
}

function unquote(text: string): string {
  const bytes: number[] = [];
  for (const [, code, character] of text.matchAll(/\\(\d{1,3})|(.)/gs)) {
    bytes.push(code === undefined ? (character ?? "").charCodeAt(0) : Number(code));
  }
  return Buffer.from(bytes).toString("utf8");
}
