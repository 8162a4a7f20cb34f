import { dirname, isAbsolute, join, normalize } from "node:path";
import type { Machine } from "../settings/data-folder.ts";
import { foldersIn, isFolder } from "./entries.ts";

/** What a folder holds, for a picker inside the page: a dialog of the system's would freeze the window's host. */
export interface FolderListing {
  /** Absolute; empty for the list of places to begin. */
  readonly path: string;
  /** The empty path is the list of places; null there. */
  readonly parent: string | null;
  /** Absolute paths, in the order of their names. */
  readonly folders: readonly string[];
}

const DRIVES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const MOST = 2_000;

/** Lists a folder; null when there is none. The empty path lists the places to begin. */
export async function listFolder(path: string, machine: Machine): Promise<FolderListing | null> {
  if (path === "") return { path: "", parent: null, folders: await places(machine) };
  if (!isAbsolute(path)) return null;
  const folder = normalize(path);
  if (!(await isFolder(folder))) return null;
  const names = (await foldersIn(folder)).filter((name) => !name.startsWith(".") || name === ".wine");
  const sorted = names.toSorted((one, other) => one.localeCompare(other)).slice(0, MOST);
  const above = dirname(folder);
  return { path: folder, parent: above === folder ? "" : above, folders: sorted.map((name) => join(folder, name)) };
}

async function places({ platform, home }: Machine): Promise<string[]> {
  const known =
    platform === "win32" ? [...DRIVES].map((letter) => `${letter}:\\`) : ["/", "/Volumes", "/mnt", "/media"];
  const all = [home, ...known];
  const are = await Promise.all(all.map(isFolder));
  return all.filter((_, index) => are[index]);
}
