/** What we use of robotjs. */
export interface Robot {
  /** Presses and releases a key: `enter`, `escape`, or the one that robotjs finds for a character. */
  tap(key: string, isShifted: boolean): void;
  /** Sends a character as such, whatever key gives it. On Windows only. */
  send(character: string): void;
  /** The layouts have changed: robotjs knows those that there were at its first key. */
  forgetLayouts(): void;
}

/** A function that the module's types leave out. */
interface NamesDisplay {
  setXDisplayName(display: string): void;
}

/**
 * Loads robotjs. Only when asked for: it is a native module, on Linux it needs the libraries of X, and it ends the
 * process where it finds no display.
 *
 * @param display X's display, to which robotjs prefers `:0.0` unless it is told; undefined on Windows
 * @throws where it cannot be loaded
 */
export async function loadRobot(display: string | undefined): Promise<Robot> {
  const { default: robot } = await import("robotjs");
  // It would sleep that long after each key, and everything else with it.
  robot.setKeyboardDelay(0);
  const connectAnew = () => {
    if (display !== undefined) (robot as typeof robot & NamesDisplay).setXDisplayName(display);
  };
  connectAnew();
  return {
    forgetLayouts: connectAnew,
    tap: (key, isShifted) => {
      robot.keyTap(key, isShifted ? "shift" : []);
      // X only has the key for certain when it answered something asked after it.
      if (display !== undefined) robot.getMousePos();
    },
    send: (character) => robot.typeString(character),
  };
}
