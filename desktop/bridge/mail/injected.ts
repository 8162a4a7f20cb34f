import type { GameProcess } from "../commands/input.ts";

/*
 * Mail that the addon was told to send, and what the log can tell about it.
 *
 *   typed ──► not on record ──its command acknowledged at once, or BYE──► on record
 *                  ▲                                                         │
 *                  └────────── the log is another one ◄──────────────────────┘
 *
 * On record means: the way from the addon into the file was seen to work, so that a SENDING would be in the log, and where
 * there is none no mail left. A session that ended, without a word, with mail that is not on record tells nothing: the
 * addon has forgotten it, and the log may lack its end. Of such mail only the streamer knows.
 */

/** One mail that was named to the addon and that it may still have in its queue. */
export interface Injected {
  readonly kind: "gold" | "gift";
  /** When it was typed last (Unix milliseconds). */
  readonly at: number;
  /** Whether it has to leave the queue even if it is ours: the streamer told what became of it. */
  readonly isRecalled: boolean;
  /** The game that it was typed into; null when that is not known. */
  readonly process: GameProcess | null;
  readonly isOnRecord: boolean;
}

/** An acknowledgement that takes longer may have come with a full block, by chance: it does not show that lines are flushed. */
const PROMPT_MS = 10_000;
/** Clocks of one machine, rounded differently. */
const START_TOLERANCE_MS = 2_000;

/**
 * Whether an acknowledgement, read now, of what was typed then shows that the log is flushed. What was typed in the future,
 * by a clock that was put back, may have been typed any time ago.
 */
export function isPrompt(typedAt: number, now: number): boolean {
  return typedAt <= now && now - typedAt <= PROMPT_MS;
}

/** Whether these are one run of the game. */
export function isSameProcess(one: GameProcess | null, other: GameProcess | null): boolean {
  if (one === null || other === null || one.processId !== other.processId) return false;
  return Math.abs(one.startedAt - other.startedAt) <= START_TOLERANCE_MS;
}

/** Whether a mail was named in a session of which the log may lack the end. `game` is the game that runs now. */
export function isInDoubt({ isOnRecord, process }: Injected, game: GameProcess | null): boolean {
  return !isOnRecord && !isSameProcess(process, game);
}
