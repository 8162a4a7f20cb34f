import type { Keys } from "./send-input.ts";
import type { NamedKey } from "./type-line.ts";

/** A function that the module's types leave out. */
interface NamesDisplay {
  setXDisplayName(display: string): void;
}

/**
 * robotjs as our keyboard. Loaded only when asked for: it is a native module, and on Linux it needs the libraries of X.
 *
 * @param display X's display. robotjs takes `:0.0` unless it is told; undefined on Windows.
 * @throws where robotjs cannot be loaded
 */
export async function loadRobotKeys(display: string | undefined): Promise<Keys> {
  const { default: robot } = await import("robotjs");
  // It would sleep that long after each key, and everything else with it.
  robot.setKeyboardDelay(0);
  if (display !== undefined) (robot as typeof robot & NamesDisplay).setXDisplayName(display);
  // Keys only leave with a flush there; a question that X answers makes sure that X has them.
  const arrive = display === undefined ? () => undefined : () => robot.getMousePos();
  return {
    press: (key: NamedKey) => {
      robot.keyTap(key);
      arrive();
    },
    character: (character: string) => {
      robot.typeString(character);
      arrive();
    },
  };
}
