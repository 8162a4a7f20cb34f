import { join } from "node:path";
import type { LogStorage } from "./chat-log/log-storage.ts";
import type { GameLocale } from "./client/global-strings.ts";
import type { LineCoverage } from "./vm/coverage.ts";
import type { SavedVariablesStore } from "./vm/saved-variables.ts";
import type { Addon } from "./vm/toc.ts";
import type { WorldOptions } from "./world/world.ts";

/** Where the client is. */
export type GameScreen = "closed" | "login" | "loading" | "world";

/** What a game is made of. */
export type GameOptions = {
  /** Folders or addons in load order. */
  readonly addons: readonly (string | Addon)[];
  readonly world?: WorldOptions;
  readonly locale?: GameLocale;
  /** The log's file; without one it lives in memory. */
  readonly logFile?: string;
  readonly logStorage?: LogStorage;
  /** Switches of the log; see ChatLog. */
  readonly flushOnToggle?: boolean;
  readonly deadAfterReload?: boolean;
  readonly logNeedsWindow?: boolean;
  /** Whether a Russian client writes declined names into the log instead of `|3-2(Имя)`. */
  readonly declinesNames?: boolean;
  /** How long the loading screen takes; keys typed meanwhile wait, and so does what the server sent. */
  readonly loadingMs?: number;
  /** Where SavedVariables files lie; without it they live in memory. */
  readonly savedVariables?: SavedVariablesStore | string;
  /** The time at the start, in milliseconds since the epoch. */
  readonly startMs?: number;
  readonly framesPerSecond?: number;
  /** Counts which lines of the addons run. */
  readonly coverage?: LineCoverage;
  /** False leaves the game at the login screen. */
  readonly login?: boolean;
};

/** The log and the saved variables of a client installed in a folder. */
export function installedIn(folder: string): { readonly logFile: string; readonly savedVariables: string } {
  return { logFile: join(folder, "Logs", "WoWChatLog.txt"), savedVariables: join(folder, "SavedVariables") };
}
