/** What a chat message asks for: a place in the gold roulette, or a gift. */
export interface ChatCommand {
  readonly kind: "gold" | "gift";
  /** The word as it was typed; whether it is a character name is judged elsewhere. */
  readonly name: string;
}

// Twitch clients append invisible code points (U+E0000, U+034F, …) so that a repeated message passes as a new one.
const TRAILING = /^[\s\p{Default_Ignorable_Code_Point}]$/u;

const COMMAND = /^!(twgold|twgift)\s+(\S+)$/iu;

/**
 * Reads `!twgold <name>` or `!twgift <name>` in any case; null for every other text, also for no word or several.
 * White space goes at both ends; what shows nothing goes at the end only, and inside the text it is a letter like others.
 */
export function parseChatCommand(text: string): ChatCommand | null {
  const match = COMMAND.exec(trimmed(text));
  const [, command, name] = match ?? [];
  if (command === undefined || name === undefined) return null;
  return { kind: command.toLowerCase() === "twgold" ? "gold" : "gift", name };
}

// A loop rather than one expression anchored at the end: that would look at a long run of white space once per start.
function trimmed(text: string): string {
  const characters = [...text.trimStart()];
  let end = characters.length;
  while (end > 0 && TRAILING.test(characters[end - 1] ?? "")) end -= 1;
  return characters.slice(0, end).join("");
}
