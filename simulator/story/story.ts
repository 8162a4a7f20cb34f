import { setTimeout as delay } from "node:timers/promises";
import type { ChatLog } from "../twitch/helix-routes.ts";
import { Audience } from "./audience.ts";
import { ChatRoom } from "./chat-room.ts";
import { encore } from "./encore.ts";
import { firstGold } from "./first-gold.ts";
import type { Realm } from "./realm.ts";
import { type FirstGold, type StoryStep, TimeLine } from "./time-line.ts";

/*
 * The demo. Viewers type in chat, a simulated client runs the addon, the streamer's desktop types into it, and the story
 * tells what comes of it: nothing of it is assumed, every step is seen from outside before it is told.
 */

/** Addresses and secrets of what the story is played against. */
export type StoryOptions = {
  readonly apiUrl: string;
  readonly broadcasterId: string;
  readonly botUserId: string;
  readonly desktopKey: string;
  /** Standard base64. */
  readonly extensionSecret: string;
  readonly eventSubSecret: string;
  /** What was posted in chat; null where the Twitch is not ours. */
  readonly chat: ChatLog | null;
  /** The game that the streamer's desktop types into; both belong to the caller. */
  readonly game: Realm;
  /** How long the first gold may take. */
  readonly deadlineMs: number;
  /** The clock of the time line. */
  readonly sinceStartMs: () => number;
  readonly payoutPage: (payoutId: string) => string | null;
  readonly tell: (text: string) => void;
  readonly log: (line: string) => void;
};

/** The first gold did not come about. */
export class StoryError extends Error {
  override readonly name = "StoryError";
  /** What was waited for. */
  readonly step: StoryStep | null;

  constructor(step: StoryStep | null, message: string) {
    super(message);
    this.step = step;
  }
}

/** A story that is being played. */
export type Story = {
  /** Rejects with a {@link StoryError} when it takes too long; never settles once the story was stopped. */
  readonly firstGold: Promise<FirstGold>;
  /** Goes on with further spins, one line per event, until the story is stopped. */
  goOn(): void;
  stop(): Promise<void>;
};

/** Begins the story. */
export function playStory(options: StoryOptions): Story {
  const stopping = new AbortController();
  const { signal } = stopping;
  const audience = new Audience({ ...options, signal });
  const chatRoom = new ChatRoom({ ...options, signal }, audience);
  const timeLine = new TimeLine(options.sinceStartMs);
  const parts = { ...options, audience, chatRoom, timeLine, signal };
  const told = Promise.race([firstGold(parts), tooLate(options.deadlineMs, timeLine, signal)]);
  let after: Promise<unknown> = told;
  return {
    firstGold: unlessStopped(told, signal),
    goOn() {
      after = encore(parts);
      after.catch((error: unknown) => {
        if (!signal.aborted) options.log(`story: ${String(error)}`);
      });
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled([told, after]);
    },
  };
}

async function tooLate(deadlineMs: number, timeLine: TimeLine, signal: AbortSignal): Promise<never> {
  await delay(deadlineMs, undefined, { signal });
  const step = timeLine.next;
  const waited = `${Math.round(deadlineMs / 1_000)} s`;
  throw new StoryError(step, `The first gold did not come within ${waited}; the step that was not seen: ${step}.`);
}

/** What ends because it was stopped says nothing. */
function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    work.then(resolve, (error: unknown) => {
      if (!signal.aborted) reject(error);
    });
  });
}
