import type { DesktopSettings } from "../wire/state.ts";
import type { Clock } from "./clock.ts";
import type { Desk, InputStrategy } from "./commands/input.ts";
import type { GameSight } from "./input/game-desk.ts";

/** A machine's ways to see the game and to type into it. */
export interface DesktopInput {
  readonly desk: Desk;
  /** Why there is no way to type; null when there is one. */
  readonly fault: string | null;
  /** The ways to type in the order in which they are to be tried. */
  strategies(settings: Pick<DesktopSettings, "strategy" | "mayUseOtherStrategy">): readonly InputStrategy[];
  look(): Promise<GameSight>;
  /** Lets the system go. */
  close(): Promise<void>;
}

/** Opens them. `chosenWindow` is the id of the window that the streamer picked; null when there is no choice. */
export type OpenInput = (choices: {
  readonly clock: Clock;
  readonly chosenWindow: () => string | null;
}) => Promise<DesktopInput>;
