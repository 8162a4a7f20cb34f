import type { Robot } from "../robot.external.ts";
import type { Keys } from "../send-input.ts";

/** A keyboard of Windows: characters are sent as such, whatever the layout and Caps Lock. */
export function win32Keys(robot: Robot): Keys {
  return {
    prepare: async () => async () => undefined,
    press: async (key) => robot.tap(key, false),
    character: async (character) => robot.send(character),
  };
}
