/*
 * When a hello is typed. Wanted at start, on READY, on a tag without a key that counts, when the log is another one,
 * when a secret was said aloud, and when a SENDING has been open for a minute.
 *
 *   wanted ──typed──► asked ──answered──► content
 *      ▲                │ 60 s without an answer: typed again, with the same nonce
 *      └── wanted again ┘
 *
 * A bridge that was killed after it typed one begins at "asked": its answer is on the way, and the same nonce typed again
 * would tell the addon that it never arrived.
 *
 * Who asks without a key may be anybody, so what they ask for is granted once a minute at most, answered or not.
 */

/** Where the handshake stands. Times are Unix milliseconds. */
export interface HelloSchedule {
  /** `paced` waits a minute after the last hello, `soon` only while that one may still be answered. */
  readonly wanted: "no" | "paced" | "soon";
  readonly typedAt: number | null;
  readonly isAnswered: boolean;
}

/** At the start of a bridge. */
export const HELLO_AT_START: HelloSchedule = { wanted: "soon", typedAt: null, isAnswered: false };

/** At the start of a bridge whose predecessor typed a hello, then, that can still be answered. */
export function helloAtStart(typedAt: number | null): HelloSchedule {
  return { ...HELLO_AT_START, typedAt };
}

const PACE_MS = 60_000;

/** Somebody wants a hello. */
export function wantHello(schedule: HelloSchedule, how: "paced" | "soon"): HelloSchedule {
  return { ...schedule, wanted: schedule.wanted === "soon" ? "soon" : how };
}

/** It was typed. */
export function typedHello(schedule: HelloSchedule, now: number): HelloSchedule {
  return { ...schedule, typedAt: now, isAnswered: false };
}

/** It was answered. */
export function answeredHello(schedule: HelloSchedule): HelloSchedule {
  return { ...schedule, wanted: "no", isAnswered: true };
}

/** Whether a hello is to be typed now. */
export function isHelloDue({ wanted, typedAt, isAnswered }: HelloSchedule, now: number): boolean {
  if (wanted === "no") return false;
  // Typed in the future: the clock was put back, and nobody knows how long ago that was.
  if (typedAt === null || typedAt > now || now - typedAt >= PACE_MS) return true;
  return wanted === "soon" && isAnswered;
}
