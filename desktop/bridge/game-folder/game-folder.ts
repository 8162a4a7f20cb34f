import { basename, join, parse } from "node:path";
import type { Machine } from "../settings/data-folder.ts";
import { changedAt, entryAt, entryNamed, isFolder } from "./entries.ts";

const LOG_NAME = "WoWChatLog.txt";
const CLIENTS = ["Wow.exe", "World of Warcraft.app"];
const ADDON = ["Interface", "AddOns", "MimironsGoldOMatic", "MimironsGoldOMatic.toc"];

/** What is known of a game folder. */
export interface GameFolder {
  readonly hasGame: boolean;
  readonly hasAddon: boolean;
  /** Where the log is, or will be; empty when nothing says where to look. */
  readonly logPath: string;
  readonly hasLog: boolean;
}

/** Whether a client lies in a folder. */
export async function hasGame(folder: string): Promise<boolean> {
  const found = await Promise.all(CLIENTS.map((name) => entryNamed(folder, name)));
  return found.some((path) => path !== null);
}

/** Looks at a game folder and a log path, either of which may be empty. */
export async function inspectGameFolder(
  choice: { readonly gameFolder: string; readonly logPath: string },
  machine: Machine,
): Promise<GameFolder> {
  const { gameFolder } = choice;
  const logPath = (await findLog(choice, machine)) ?? "";
  return {
    hasGame: gameFolder !== "" && (await hasGame(gameFolder)),
    hasAddon: gameFolder !== "" && (await entryAt(gameFolder, ...ADDON)) !== null,
    logPath,
    hasLog: logPath !== "" && (await changedAt(logPath)) !== null,
  };
}

/**
 * The log's path: of a given file, in a given folder (the log's own or the game's), or below the game folder. Windows may
 * keep what a program writes below Program Files in a folder of the user's own (VirtualStore); the newer one is the one that
 * grows. Null when nothing is given.
 */
export async function findLog(
  { gameFolder, logPath }: { readonly gameFolder: string; readonly logPath: string },
  machine: Machine,
): Promise<string | null> {
  const given = logPath || gameFolder;
  if (given === "") return null;
  if (!(await isFolder(given))) {
    // A folder that is not there yet is told from a file by its ending.
    return logPath !== "" && /\.\w+$/.test(basename(given)) ? given : join(given, ...belowGame(logPath === ""));
  }
  const inFolder = await logIn(given);
  if (logPath !== "") return inFolder;
  const virtual = virtualStoreOf(given, machine);
  const inVirtual = virtual === null ? null : await logIn(virtual);
  const [here, there] = await Promise.all([changedAt(inFolder), inVirtual === null ? null : changedAt(inVirtual)]);
  return inVirtual !== null && there !== null && there > (here ?? 0) ? inVirtual : inFolder;
}

function belowGame(isGameFolder: boolean): string[] {
  return isGameFolder ? ["Logs", LOG_NAME] : [LOG_NAME];
}

/** In a folder of logs the log itself, in a game's folder that of its logs. */
async function logIn(folder: string): Promise<string> {
  const direct = await entryNamed(folder, LOG_NAME);
  if (direct !== null) return direct;
  const logs = await entryNamed(folder, "Logs");
  if (logs === null) return join(folder, ...belowGame(await hasGame(folder)));
  return (await entryNamed(logs, LOG_NAME)) ?? join(logs, LOG_NAME);
}

function virtualStoreOf(folder: string, { platform, variables }: Machine): string | null {
  if (platform !== "win32" || variables.LOCALAPPDATA === undefined) return null;
  const { root } = parse(folder);
  return join(variables.LOCALAPPDATA, "VirtualStore", folder.slice(root.length));
}
