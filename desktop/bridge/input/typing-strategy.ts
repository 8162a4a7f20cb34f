import type { InputStrategy, TypingFault, TypingResult } from "../commands/input.ts";
import type { Turns } from "../delivery/turns.ts";
import { type KeySink, type TypingOptions, typeLine } from "./type-line.ts";
import type { FoundWindow } from "./window-system.ts";

/** A sink that is open to one window. */
export interface OpenedSink extends KeySink {
  close(): Promise<void>;
}

/** What both strategies share: one chat box, one line at a time, one choice of the window. */
export interface SharedTyping extends TypingOptions {
  readonly turns: Turns;
  /** The window to type into now; null when there is none, or none was picked. */
  readonly pick: () => Promise<FoundWindow | null>;
}

/** Makes a strategy out of a way to send keys to a window. What the system throws is a fault like any other. */
export function typingStrategy(
  name: InputStrategy["name"],
  shared: SharedTyping,
  open: (window: FoundWindow, line: string, signal: AbortSignal) => Promise<OpenedSink | TypingFault>,
): InputStrategy {
  const type = async (line: string, signal: AbortSignal): Promise<TypingResult> => {
    const window = await shared.pick();
    if (window === null) return { ok: false, code: "no_window" };
    const sink = await open(window, line, signal);
    if (typeof sink === "string") return { ok: false, code: sink };
    try {
      return await typeLine(line, sink, shared, signal);
    } finally {
      await sink.close();
    }
  };
  return {
    name,
    // The queue may hear the addon's answer before the last key's call returns, and begin with the next line.
    type: (line, signal) =>
      shared.turns.take(() => type(line, signal).catch(() => ({ ok: false, code: "input_failed" as const }))),
  };
}
