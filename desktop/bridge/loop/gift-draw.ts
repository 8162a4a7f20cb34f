import { randomInt } from "node:crypto";
import type { BagStack } from "@mgm/domain/chat-line/payload";

/*
 * One request's draw, from the first look to the described item.
 *
 *   wanted ──[MGM_ITEMS]──► listed ──drawn──► drawn ──[MGM_ITEM]──► described
 *      ▲                                        │ [MGM_FAILED]: the stack has left its place
 *      └──────────── the next round ────────────┘
 */

/** What is stored of it. Times are Unix milliseconds. */
export interface GiftDraw {
  readonly characterName: string;
  /** From 1; bags that changed under a draw are listed anew in the next one. */
  readonly round: number;
  /** The mailable stacks as the addon listed them in this round, from the draw on those that were drawn from; null before. */
  readonly stacks: readonly BagStack[] | null;
  readonly drawnIndex: number | null;
  readonly drawnAt: number | null;
  readonly isDescribed: boolean;
  /** When the request was first looked at. */
  readonly at: number;
}

/** The draw of a request that is looked at for the first time. */
export function wantDraw(characterName: string, now: number): GiftDraw {
  return { characterName, round: 1, stacks: null, drawnIndex: null, drawnAt: null, isDescribed: false, at: now };
}

/** The addon listed the bags. What is said again changes nothing: there may have been a draw already. */
export function listBags(draw: GiftDraw, stacks: readonly BagStack[]): GiftDraw {
  return draw.stacks === null ? { ...draw, stacks } : draw;
}

/** Draws one of the stacks on offer, each as likely as the others. They are kept with it: the index counts those alone. */
export function drawStack(draw: GiftDraw, stacks: readonly BagStack[], now: number): GiftDraw {
  return { ...draw, stacks, drawnIndex: randomInt(stacks.length), drawnAt: now };
}

/** The addon described the drawn stack. */
export function describeStack(draw: GiftDraw): GiftDraw {
  return draw.drawnIndex === null || draw.isDescribed ? draw : { ...draw, isDescribed: true };
}

/** The drawn stack is not where it was; null when the draw is over, and that says something about a question or a mail. */
export function drawAnew(draw: GiftDraw): GiftDraw | null {
  if (draw.drawnIndex === null || draw.isDescribed) return null;
  return { ...draw, round: draw.round + 1, stacks: null, drawnIndex: null, drawnAt: null };
}
