import type { Game } from "./game.ts";

/** How a game follows the wall clock. */
export type RealtimeOptions = {
  /** How often frames are rendered, in milliseconds of real time. */
  readonly tickMs?: number;
  /** Game time per real time. */
  readonly speed?: number;
  /** The real time in milliseconds. */
  readonly now?: () => number;
};

/** After a pause of the machine no more than this is caught up at once, as the client's clock jumps too. */
const LARGEST_STEP_MS = 5_000;

/** Lets a game run with the wall clock; the answer stops it. */
export function runRealtime(game: Game, options: RealtimeOptions = {}): () => void {
  const { tickMs = 33, speed = 1, now = () => performance.now() } = options;
  let last = now();
  const timer = setInterval(() => {
    const at = now();
    game.advance(Math.min(LARGEST_STEP_MS, (at - last) * speed));
    last = at;
  }, tickMs);
  return () => clearInterval(timer);
}
