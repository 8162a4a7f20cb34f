import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/* Looking at folders that may not be there or may not be ours to read: either way there is nothing to see. */

/** Names of the folders in a folder; none where it cannot be read. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = await Promise.all(
    entries.map(async (entry) => {
      if (entry.isDirectory()) return entry.name;
      return entry.isSymbolicLink() && (await isFolder(join(folder, entry.name))) ? entry.name : null;
    }),
  );
  return names.filter((name) => name !== null);
}

/** The path of an entry whose name differs in case at most, as under Wine; null when there is none. */
export async function entryNamed(folder: string, name: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const found = names.find((one) => one === name) ?? names.find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : join(folder, found);
}

/** Follows several such names, one inside the other. */
export async function entryAt(folder: string, ...names: readonly string[]): Promise<string | null> {
  let at: string | null = folder;
  for (const name of names) at = at === null ? null : await entryNamed(at, name);
  return at;
}

/** Whether there is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** When a file was changed last (Unix milliseconds); null when there is none. */
export async function changedAt(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.mtimeMs : null;
}
