import type { PublicStateMessage, RouletteStateDto } from "@mgm/domain/wire";
import { boundaryOf } from "./moment.ts";

/*
 * Snapshots come from two sides that know nothing of each other: answers to our reads, which name the server's time,
 * and pushed messages, which are numbered. Messages may come twice, late or in another order.
 *
 *   pushed: counts when its number is above all before, and does not lead back behind what is known already
 *   read:   counts when the server made it after the last read's; but not when it leads back behind a message that came
 *           while it was under way
 */

/** What a page holds of the public state. */
export class Snapshots {
  #state: RouletteStateDto | null = null;
  #progress: Progress = NOTHING_YET;
  #version = Number.NEGATIVE_INFINITY;
  #readMadeAt = Number.NEGATIVE_INFINITY;
  #pushedAt = Number.NEGATIVE_INFINITY;

  /** The newest snapshot; null before the first. */
  get state(): RouletteStateDto | null {
    return this.#state;
  }

  /** When a message was last taken (browser's clock). */
  get pushedAt(): number {
    return this.#pushedAt;
  }

  /** The browser's clock was put back: a message of its future would count as new until then. */
  forgetPushedAt(): void {
    this.#pushedAt = Number.NEGATIVE_INFINITY;
  }

  /** Takes an answer that was asked for at `sentAt` (browser's clock); whether it is shown. */
  takeRead(state: RouletteStateDto, sentAt: number): boolean {
    const madeAt = Date.parse(state.serverNow);
    if (madeAt < this.#readMadeAt) return false;
    const progress = progressOf(state, madeAt);
    if (this.#pushedAt >= sentAt && isBehind(progress, this.#progress)) return false;
    this.#readMadeAt = madeAt;
    this.#state = state;
    this.#progress = progress;
    return true;
  }

  /** Takes a pushed message; whether it is shown. `serverNow` is our best guess of the server's time. */
  takePushed(text: string, serverNow: number, receivedAt: number): boolean {
    const message = readMessage(text);
    if (message === null || message.stateVersion <= this.#version) return false;
    this.#version = message.stateVersion;
    const state: RouletteStateDto = { ...message.state, serverNow: new Date(serverNow).toISOString() };
    const progress = progressOf(state, serverNow);
    if (isBehind(progress, this.#progress)) return false;
    this.#pushedAt = receivedAt;
    this.#state = state;
    this.#progress = progress;
    return true;
  }
}

/** Reads a message; null for one of another kind or a version that we do not know. */
function readMessage(text: string): PublicStateMessage | null {
  try {
    const message: Partial<PublicStateMessage> | null = JSON.parse(text);
    const isOurs = message?.v === 1 && Number.isFinite(message.stateVersion) && Array.isArray(message.state?.wheel);
    return isOurs ? (message as PublicStateMessage) : null;
  } catch {
    return null;
  }
}

/** How far the roulette is: its boundary, then the step within the cycle. */
type Progress = readonly [boundary: number, step: number];

const NOTHING_YET: Progress = [Number.NEGATIVE_INFINITY, 0];
const STEPS = ["drawing", "spinning", "verification", "completed", "collecting"];

function progressOf(state: RouletteStateDto, now: number): Progress {
  const isDrawing = state.spinPhase === "collecting" && state.currentSpinCycleId === null;
  const step = isDrawing ? 0 : STEPS.indexOf(state.spinPhase);
  // Nothing follows idle within its boundary.
  return [boundaryOf(state, now), step < 0 ? STEPS.length : step];
}

function isBehind(one: Progress, other: Progress): boolean {
  return one[0] === other[0] ? one[1] < other[1] : one[0] < other[0];
}
