import { readFileSync } from "node:fs";

/** The client's own Lua, in load order. */
const FILES = [
  "base",
  "events",
  "object",
  "region",
  "frame",
  "controls",
  "edit-box",
  "api",
  "screen",
  "templates",
  "keyboard",
  "popup",
  "chat-frame",
  "chat-edit",
  "who",
  "items",
  "tooltip",
  "mail",
  "protected",
  "unsimulated",
  "addon",
] as const;

/** One chunk of the client's own Lua. */
export type PreludeChunk = { readonly name: string; readonly source: string };

let unsimulated: string | undefined;

/** Names of the functions that the client has and the simulator does not do. */
export function unsimulatedFunctions(): string {
  unsimulated ??= readFileSync(new URL("unsimulated-functions.txt", import.meta.url), "utf8");
  return unsimulated;
}

let chunks: readonly PreludeChunk[] | undefined;

/** Reads the prelude once per process. */
export function preludeChunks(): readonly PreludeChunk[] {
  chunks ??= FILES.map((file) => ({
    name: `=client/${file}.lua`,
    source: readFileSync(new URL(`../lua/${file}.lua`, import.meta.url), "utf8"),
  }));
  return chunks;
}
