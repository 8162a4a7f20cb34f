/*
 * Whether Escape goes before Enter. Enter opens the chat box only where no box has the focus; in an open one it sends
 * what is there and shuts it, our text then goes nowhere, and our last Enter opens the box anew: from then on every
 * command is lost that way, until somebody presses Escape. But Escape where no box has the focus is not harmless: it
 * ends a cast, shuts the mailbox and the bags, drops the target, or opens the game's menu. And nobody can look.
 *
 *   clean ──Enter──► open, part of the line in it ──Enter──► sent ──another command──► clean
 *                      │                                       │
 *                      │ stopped in the middle                 │ the same command again: nobody acknowledged it
 *                      └──────────────► Escape first ◄─────────┘
 *
 * - Part of our line is in the box: the box is ours and open. Enter would run half a command, Escape only drops it.
 * - The same command again: it was typed whole and the addon did not say that it has it. Either the box was open, then
 *   it is open now too, and Escape shuts it; or another box (of the mail form) had the focus, and Escape takes it away;
 *   or the game did not read, which makes Escape a nuisance and no more: a menu opened by it hinders no command, and
 *   the next attempt's Escape shuts it.
 * - Otherwise never: as a rule no box is open, and what Escape could break is worth more than one attempt.
 *
 * Both strategies type into the same box, so they share one of these.
 */

/** What our typing has left in the chat box, as far as it can be known. */
export class ChatBox {
  #state: "clean" | "part_of_a_line" | { readonly sent: string } = "clean";

  /** Whether Escape must be pressed before this line is typed. */
  needsEscape(line: string): boolean {
    if (typeof this.#state === "string") return this.#state === "part_of_a_line";
    return this.#state.sent === identityOf(line);
  }

  /** The box was opened by us; what comes now is in it. */
  opened(): void {
    this.#state = "part_of_a_line";
  }

  /** The whole line is in it and was sent. */
  sent(line: string): void {
    this.#state = { sent: identityOf(line) };
  }

  /** The game shows no world any more; the next one has a box of its own, shut and empty. */
  gone(): void {
    this.#state = "clean";
  }

  /** Escape was pressed. */
  escaped(): void {
    this.#state = "clean";
  }
}

/** What stays the same when a command is repeated: a hello takes a new number each time, all else keeps its number. */
function identityOf(line: string): string {
  return line.startsWith("/run MGM_Hello(") ? line.replace(/,\d+\)$/, "") : line;
}
