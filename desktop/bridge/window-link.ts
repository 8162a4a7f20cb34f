import type { BridgeMessage } from "../wire/protocol.ts";
import { askShape, readAction } from "./actions/action-shapes.ts";
import { failed } from "./actions/results.ts";
import type { Desktop } from "./desktop.ts";

/*
 * The conversation with one window, whatever carries it (a WebSocket, Neutralino's events):
 *
 *   attached ──state──► window        then a state whenever something changed
 *   ask ──► the action ──answer──► window, once; `refresh` is preceded by a state
 *
 * What is no message is passed over; a message whose action is none is answered.
 */

/** One window's end of the conversation. */
export interface WindowLink {
  /** Takes what the window said. */
  receive(text: string): void;
  /** The window is gone; actions that are under way go on. */
  detach(): void;
}

/** So many actions of one window may be under way: more is no person's doing. */
const MOST_AT_ONCE = 32;

/** Attaches a window, which is sent the state at once. `send` must not throw. */
export function attachWindow(desktop: Desktop, send: (message: BridgeMessage) => void): WindowLink {
  let isAttached = true;
  let underWay = 0;
  const say = (message: BridgeMessage): void => {
    if (isAttached) send(message);
  };
  const answer = async (number: number, value: unknown): Promise<void> => {
    const action = readAction(value);
    if (action === null) return say({ type: "answer", number, result: failed("invalid_action") });
    if (underWay >= MOST_AT_ONCE) return say({ type: "answer", number, result: failed("too_many_actions") });
    underWay += 1;
    const result = await desktop.act(action).catch((fault: unknown) => failed("internal", { reason: nameOf(fault) }));
    underWay -= 1;
    if (action.kind === "refresh") say({ type: "state", state: desktop.state() });
    say({ type: "answer", number, result });
  };
  const stop = desktop.feed.subscribe((state) => say({ type: "state", state }));
  say({ type: "state", state: desktop.state() });
  return {
    receive(text) {
      const { success, data } = askShape.safeParse(parse(text));
      if (success) void answer(data.number, data.action);
    },
    detach() {
      isAttached = false;
      stop();
    },
  };
}

/** A code of the system (ENOSPC, EACCES), never a message: those may hold anything. */
function nameOf(fault: unknown): string {
  if (!(fault instanceof Error)) return "unknown";
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
