/*
 * The names that window and bridge call each other by, whichever way the messages of protocol.ts take.
 */

/** The id of our extension in neutralino.config.json. */
export const EXTENSION_ID = "io.mimiron.goldomatic.bridge";

/** Neutralino's event from the window to the bridge; its data is an AskMessage. */
export const ASK_EVENT = "mgmAsk";

/** Neutralino's event from the bridge to the windows; its data is a BridgeMessage. */
export const BRIDGE_EVENT = "mgmBridge";
