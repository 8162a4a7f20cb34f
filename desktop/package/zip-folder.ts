import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { type Zippable, zip } from "fflate";

const UNIX = 3;

/** Zips what is in a folder, under a folder of that name (none when empty), with the rights that its files have. */
export async function zipFolder(folder: string, prefix: string, outFile: string): Promise<void> {
  const files: Zippable = {};
  for (const path of (await readdir(folder, { recursive: true })).sort()) {
    const { mode, mtime } = await stat(join(folder, path));
    const file = join(folder, path);
    if ((await stat(file)).isDirectory()) continue;
    const name = join(prefix, path).split(sep).join("/");
    files[name] = [await readFile(file), { os: UNIX, attrs: (mode & 0xffff) << 16, mtime }];
  }
  const zipped = await new Promise<Uint8Array>((resolve, reject) => {
    zip(files, { level: 6 }, (error, data) => (error === null ? resolve(data) : reject(error)));
  });
  await writeFile(outFile, zipped);
}
