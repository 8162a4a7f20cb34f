/*
 * The names that window and bridge call each other by inside Neutralino.
 */

/** The id of our extension in neutralino.config.json. */
export const EXTENSION_ID = "io.mimiron.goldomatic.bridge";

/** From the window to the bridge; its data is an AskMessage. */
export const ASK_EVENT = "mgmAsk";

/** From the bridge to the windows; its data is a BridgeMessage. */
export const BRIDGE_EVENT = "mgmBridge";

/** From a bridge that ends at once, because another one has the data folder; its data is null. */
export const IN_USE_EVENT = "mgmInUse";
