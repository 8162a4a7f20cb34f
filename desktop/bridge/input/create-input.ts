import type { DesktopSettings } from "../../wire/state.ts";
import type { Clock } from "../clock.ts";
import type { Desk, InputStrategy } from "../commands/input.ts";
import { Turns } from "../delivery/turns.ts";
import { ChatBox } from "./chat-box.ts";
import { GameDesk, type GameSight } from "./game-desk.ts";
import { loadRobot } from "./robot.external.ts";
import { sendInput } from "./send-input.ts";
import { Stillness } from "./stillness.ts";
import type { SharedTyping } from "./typing-strategy.ts";
import { postMessageStrategy } from "./win32/post-message.ts";
import { loadWindows } from "./win32/user32.external.ts";
import { win32Keys } from "./win32/win32-keys.ts";
import { Win32Windows } from "./win32/win32-windows.ts";
import type { WindowSystem } from "./window-system.ts";
import { connectToX } from "./x11/x-connection.external.ts";
import { X11Keys } from "./x11/x11-keys.ts";
import { X11Windows } from "./x11/x11-windows.ts";

/*
 * What this machine can type with, and see.
 *
 *   Windows  post_message, send_input
 *   Linux    send_input, on the display that `DISPLAY` names
 *   macOS    nothing: the game's client for it is too old for the system
 *
 * Native modules are loaded here and nowhere earlier, so a machine without them, or without a display, gets a code and
 * a bridge that does everything else.
 */

/** Why nothing can be typed on this machine. */
export type InputFault =
  /** No way to type is known for this system. */
  | "platform_unsupported"
  /** Linux without X: `DISPLAY` is not set, or nobody answers there. */
  | "no_display"
  /** The X server cannot tell how long nobody has touched anything, or which layout is on. */
  | "display_unfit"
  /** A native module is missing, or does not fit this system. */
  | "native_module_missing";

/** What an input is made of. */
export interface InputOptions {
  readonly clock: Clock;
  /** The id of the game's window that the streamer picked last; asked each time. */
  readonly chosenWindow: () => string | null;
  readonly platform: NodeJS.Platform;
  /** The value of `DISPLAY`. */
  readonly display: string | undefined;
  /** From Enter to the text, at least one frame of the game: 150 to 300 ms. */
  readonly openingMs?: number;
}

/** The machine's keyboard and screen, for the bridge. */
export interface Input {
  readonly desk: Desk;
  /** Why `strategies` gives none; null when all is well. */
  readonly fault: InputFault | null;
  /** The ways to type in the order in which they are to be tried. */
  strategies(settings: Pick<DesktopSettings, "strategy" | "mayUseOtherStrategy">): readonly InputStrategy[];
  /** The windows that could be the game's, and the one that is typed into. */
  look(): Promise<GameSight>;
  close(): Promise<void>;
}

const OPENING_MS = 250;

/** Finds out what there is. Never rejects: what is missing is a `fault`. */
export async function createInput(options: InputOptions): Promise<Input> {
  switch (options.platform) {
    case "win32":
      return onWindows(options);
    case "linux":
      return onX11(options);
    default:
      return without("platform_unsupported");
  }
}

async function onWindows(options: InputOptions): Promise<Input> {
  try {
    const win32 = await loadWindows();
    const keys = win32Keys(await loadRobot(undefined));
    return assemble(options, new Win32Windows(win32), ({ shared, system, stillness }) => [
      postMessageStrategy(shared, win32.post),
      sendInput({ ...shared, system, keys, stillness }),
    ]);
  } catch {
    return without("native_module_missing");
  }
}

async function onX11(options: InputOptions): Promise<Input> {
  const { display } = options;
  if (display === undefined || display === "") return without("no_display");
  const connection = await connectToX(display).catch(() => null);
  if (connection === null) return without("no_display");
  const giveUp = (fault: InputFault) => {
    connection.client.terminate();
    return without(fault);
  };
  const system = await X11Windows.of(connection).catch(() => null);
  if (system === null) return giveUp("display_unfit");
  // Last, because it would end the process where there is no display.
  const robot = await loadRobot(display).catch(() => null);
  if (robot === null) return giveUp("native_module_missing");
  const keys = await X11Keys.of(connection, robot).catch(() => null);
  if (keys === null) return giveUp("display_unfit");
  return assemble(options, system, ({ shared, stillness }) => [sendInput({ ...shared, system, keys, stillness })]);
}

function assemble(
  { clock, chosenWindow, openingMs = OPENING_MS }: InputOptions,
  system: WindowSystem,
  make: (parts: { shared: SharedTyping; system: WindowSystem; stillness: Stillness }) => readonly InputStrategy[],
): Input {
  const stillness = new Stillness();
  const desk = new GameDesk({ system, clock, stillness, chosenWindow });
  const turns = new Turns(1);
  const shared = { clock, openingMs, turns, chatBox: new ChatBox(), pick: () => desk.pick() };
  const all = make({ shared, system, stillness });
  return {
    desk,
    fault: null,
    strategies: ({ strategy, mayUseOtherStrategy }) => {
      const preferred = all.find(({ name }) => name === strategy) ?? all[0];
      return all.filter((one) => one === preferred || mayUseOtherStrategy).sort((one) => (one === preferred ? -1 : 1));
    },
    look: () => desk.look(),
    close: () => system.close(),
  };
}

function without(fault: InputFault): Input {
  return {
    desk: { findGame: async () => null, stillForMs: async () => 0 },
    fault,
    strategies: () => [],
    look: async () => ({ windows: [], picked: null }),
    close: async () => undefined,
  };
}
