import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Zippable, zipSync } from "fflate";

/** A fixed time, so that the same files make the same archive. */
const STAMP = new Date("2026-01-01T00:00:00Z");

/** A built extension as Twitch wants it: the pages at the root of the archive, not in a folder. */
export function zipped(folder: string): Uint8Array {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const files: Zippable = {};
  for (const name of names) {
    const file = join(folder, name);
    if (statSync(file).isFile()) files[name.replaceAll("\\", "/")] = [readFileSync(file), { mtime: STAMP }];
  }
  return zipSync(files, { level: 9 });
}
