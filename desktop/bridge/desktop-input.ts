import type { GameWindow } from "../wire/state.ts";
import type { Clock } from "./clock.ts";
import type { Desk, InputStrategy } from "./commands/input.ts";

/** What there is of the game on the screen. */
export interface GameSight {
  /** Every window that could be the game's. */
  readonly windows: readonly GameWindow[];
  /** The one that is typed into; null when there is none, or several and none picked. */
  readonly picked: GameWindow | null;
}

/** A machine's ways to see the game and to type into it. */
export interface DesktopInput {
  readonly desk: Desk;
  /** All that this machine has; which of them are used, and in which order, the streamer chooses. */
  readonly strategies: readonly InputStrategy[];
  look(): Promise<GameSight>;
  /** Lets the system go. */
  close(): Promise<void>;
}

/** Opens them. `chosenWindow` is the id of the window that the streamer picked; null when there is no choice. */
export type OpenInput = (choices: {
  readonly clock: Clock;
  readonly chosenWindow: () => string | null;
}) => Promise<DesktopInput>;

/** For a machine on which the game cannot be seen: nothing is ever typed there. */
export const openNoInput: OpenInput = async () => ({
  desk: { findGame: async () => null, stillForMs: async () => 0 },
  strategies: [],
  look: async () => ({ windows: [], picked: null }),
  close: async () => undefined,
});

/** The strategies in the order in which they are tried: the preferred one, then the others where they may be used. */
export function chosenStrategies(
  available: readonly InputStrategy[],
  {
    strategy,
    mayUseOtherStrategy,
  }: { readonly strategy: InputStrategy["name"]; readonly mayUseOtherStrategy: boolean },
): readonly InputStrategy[] {
  const preferred = available.filter(({ name }) => name === strategy);
  // A preference for what this machine does not have is none.
  if (preferred.length === 0 || mayUseOtherStrategy) {
    return [...preferred, ...available.filter(({ name }) => name !== strategy)];
  }
  return preferred;
}
