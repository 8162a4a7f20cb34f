import type { Clock } from "../clock.ts";
import { type TypingFault, type TypingResult, WORLD_LEFT } from "../commands/input.ts";
import type { ChatBox } from "./chat-box.ts";

/** Keys that are more than a character. */
export type NamedKey = "enter" | "escape";

/** Where keys go. Each answers null when the key is on its way; a fault means that it is not, and no other may follow. */
export interface KeySink {
  /** How many characters may follow each other before others get a turn. */
  readonly burst: number;
  press(key: NamedKey): Promise<TypingFault | null>;
  /** One character of ASCII. */
  character(character: string): Promise<TypingFault | null>;
}

/** What typing a line takes. */
export interface TypingOptions {
  readonly clock: Clock;
  readonly chatBox: ChatBox;
  /** From Enter to the text: the client empties the box in the frame after it opened. */
  readonly openingMs: number;
}

/** Between two bursts, so that others get a turn. */
export const BREATH_MS = 1;

/**
 * Enter, a rendered frame, the characters, Enter. Stopped by the signal in the middle, it drops what it typed by Escape;
 * stopped by a fault, or because the world is gone, it touches nothing more.
 *
 * @throws RangeError for a line that is not printable ASCII: the game's window could not take it.
 */
export async function typeLine(
  line: string,
  sink: KeySink,
  { clock, chatBox, openingMs }: TypingOptions,
  signal: AbortSignal,
): Promise<TypingResult> {
  if (!/^[\x20-\x7e]+$/.test(line)) throw new RangeError("only printable ASCII can be typed");
  /** Whether it may go on; false when the signal aborted meanwhile. */
  const wait = (ms: number) =>
    clock.sleep(ms, signal).then(
      () => !signal.aborted,
      () => false,
    );
  const giveUp = async (): Promise<TypingResult> => {
    // At a login screen Escape would leave it, or the game.
    if (signal.reason === WORLD_LEFT) chatBox.gone();
    else if ((await sink.press("escape")) === null) chatBox.escaped();
    return { ok: false, code: "input_failed" };
  };

  if (signal.aborted) return { ok: false, code: "input_failed" };
  if (chatBox.needsEscape(line)) {
    const fault = await sink.press("escape");
    if (fault !== null) return { ok: false, code: fault };
    chatBox.escaped();
    if (!(await wait(openingMs))) return { ok: false, code: "input_failed" };
  }
  const notOpened = await sink.press("enter");
  if (notOpened !== null) return { ok: false, code: notOpened };
  chatBox.opened();
  if (!(await wait(openingMs))) return giveUp();
  for (const [index, character] of [...line].entries()) {
    if (index > 0 && index % sink.burst === 0 && !(await wait(BREATH_MS))) return giveUp();
    const fault = await sink.character(character);
    if (fault !== null) return { ok: false, code: fault };
  }
  const notSent = await sink.press("enter");
  if (notSent !== null) return { ok: false, code: notSent };
  chatBox.sent(line);
  return { ok: true };
}
