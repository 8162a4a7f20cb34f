import type { DesktopSettings, DesktopState } from "./state.ts";

/*
 * How window and bridge talk: JSON messages, over a WebSocket (`--serve`) or through Neutralino's extension events. The
 * window asks, each question with a number; the bridge answers each once, and sends the state whenever it changed.
 *
 * A browser connects to `/ws` of the address that served it, with the subprotocol `mgm.<token>`; the token stands in the
 * fragment of the page's address (`http://127.0.0.1:<port>/#token=<token>`), and a wrong one closes the socket with 1008.
 * The first message is a state.
 *
 *   window ──{type: "ask", number, action}──► bridge        window ◄──{type: "answer", number, result}── bridge
 *                                                           window ◄──{type: "state", state}── bridge
 */

/** From the window. */
export interface AskMessage {
  readonly type: "ask";
  readonly number: number;
  readonly action: DesktopAction;
}

/** To the window. */
export type BridgeMessage =
  | { readonly type: "state"; readonly state: DesktopState }
  | { readonly type: "answer"; readonly number: number; readonly result: ActionResult };

/** What the streamer can do. */
export type DesktopAction =
  /** Answered with the state; also asks the bridge to look at the API at once. */
  | { readonly kind: "refresh" }
  | { readonly kind: "sync" }
  | { readonly kind: "say_hello" }
  | { readonly kind: "take_over" }
  | { readonly kind: "check_update" }
  /** One result per payout, in `items`. */
  | { readonly kind: "change_payouts"; readonly ids: readonly string[]; readonly change: PayoutChange }
  | { readonly kind: "settle_payout"; readonly id: string; readonly note: string }
  | { readonly kind: "fail_gift"; readonly id: string }
  | { readonly kind: "answer_question"; readonly id: string; readonly answer: "sent" | "not_sent" }
  | { readonly kind: "send_again"; readonly factNumber: number }
  | { readonly kind: "retry_alert"; readonly id: string }
  | { readonly kind: "dismiss_alert"; readonly id: string }
  | { readonly kind: "clear_events" }
  /** Only the settings that change. */
  | { readonly kind: "save_settings"; readonly settings: Partial<DesktopSettings> }
  | { readonly kind: "save_api_key"; readonly apiKey: string }
  /** Asks an API, with the key that is kept when none is given; saves nothing. */
  | { readonly kind: "test_connection"; readonly apiUrl: string; readonly apiKey: string | null }
  /** Looks for game and log in a folder; saves nothing. */
  | { readonly kind: "test_game_folder"; readonly gameFolder: string; readonly logPath: string }
  /** What a folder holds, for a picker inside the page; the empty path asks for the places to begin. */
  | { readonly kind: "list_folder"; readonly path: string }
  /** Says hello and measures until that was read in the log; done when the addon has said who it is. */
  | { readonly kind: "measure_log" }
  /** Has the addon whisper to the streamer's own character, and waits until it was heard. */
  | { readonly kind: "test_whisper" }
  | { readonly kind: "pick_window"; readonly windowId: string };

/** What a streamer can make of payouts; `unlock` is InProgress back to Pending. */
export type PayoutChange = "mark_sent" | "mark_failed" | "cancel" | "unlock";

/** What came of an action. Codes are the API's or the bridge's own; texts are the window's. */
export type ActionResult =
  | { readonly ok: true; readonly data: ActionData | null }
  | { readonly ok: false; readonly code: string; readonly details: Readonly<Record<string, string>> };

/** What an action answers besides "done". */
export type ActionData =
  | { readonly kind: "items"; readonly items: readonly ItemResult[] }
  | { readonly kind: "connection"; readonly version: string; readonly isKeyGood: boolean; readonly latencyMs: number }
  | {
      readonly kind: "game_folder";
      readonly hasGame: boolean;
      readonly hasAddon: boolean;
      readonly logPath: string;
      readonly hasLog: boolean;
    }
  | {
      readonly kind: "folder";
      readonly path: string;
      readonly parent: string | null;
      /** Absolute paths. */
      readonly folders: readonly string[];
    }
  | { readonly kind: "measured"; readonly delayMs: number }
  /** Who answered a hello, and how long it took from typed to read. */
  | {
      readonly kind: "hello";
      readonly character: string;
      readonly realm: string;
      readonly addonVersion: string;
      readonly delayMs: number;
    };

/** What became of one of several. */
export interface ItemResult {
  readonly id: string;
  readonly ok: boolean;
  readonly code: string | null;
}
