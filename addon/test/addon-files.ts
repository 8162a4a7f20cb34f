import { readdirSync, readFileSync } from "node:fs";

/** Where the addon lies that a streamer copies. */
export const addonFolder = new URL("../MimironsGoldOMatic/", import.meta.url);

/** The addon's files whose names end so, by their names inside the folder. */
export function addonFiles(ending: string): { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(addonFolder, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, bytes: readFileSync(new URL(name, addonFolder)) }));
}

/** The files that the client loads, in its order. */
export function tocFiles(): string[] {
  return readFileSync(new URL("MimironsGoldOMatic.toc", addonFolder), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replaceAll("\\", "/"));
}
