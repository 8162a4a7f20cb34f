import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { decodeBytes } from "./lua-text.ts";

/** An addon as the client finds it: its table of contents and the texts of its files. */
export type Addon = {
  readonly name: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly savedVariables: readonly string[];
  readonly savedVariablesPerCharacter: readonly string[];
  readonly files: readonly AddonFile[];
};

/** One file in load order; `path` as the .toc writes it. */
export type AddonFile = { readonly path: string; readonly source: string };

/** The interface number of 3.3.5a; the client refuses addons with another one. */
export const INTERFACE_VERSION = 30_300;

/** An addon's files by path, its .toc among them. */
export type AddonSource = (path: string) => string;

/** Reads an addon from a folder that holds `<folder name>.toc`. */
export function readAddonFolder(folder: string): Addon {
  const name = basename(folder);
  return readAddon(name, (path) => decodeBytes(readFileSync(join(folder, ...path.split("/")))));
}

/** Reads an addon given as texts: `{ "X.toc": …, "X.lua": … }`. */
export function inlineAddon(name: string, files: Readonly<Record<string, string>>): Addon {
  return readAddon(name, (path) => {
    const source = files[path];
    if (source === undefined) throw new Error(`${name} has no file ${path}`);
    return source;
  });
}

function readAddon(name: string, read: AddonSource): Addon {
  const metadata = new Map<string, string>();
  const files: AddonFile[] = [];
  const toc = read(`${name}.toc`).replace(/^\ufeff/, "");
  for (const raw of toc.split(/\r?\n/)) {
    const line = raw.trim();
    const tag = /^##\s*([^:]+?)\s*:\s*(.*)$/.exec(line);
    if (tag !== null) metadata.set(tag[1]?.toLowerCase() ?? "", tag[2] ?? "");
    else if (line !== "" && !line.startsWith("#")) {
      const path = line.replaceAll("\\", "/");
      if (!/\.lua$/i.test(path)) throw new Error(`${name}.toc: the simulator loads Lua files only, not ${path}`);
      files.push({ path, source: read(path).replace(/^\ufeff/, "") });
    }
  }
  const wanted = Number(metadata.get("interface"));
  if (wanted !== INTERFACE_VERSION) throw new Error(`${name}.toc: out of date (Interface ${wanted})`);
  const list = (key: string) => (metadata.get(key) ?? "").split(/[\s,]+/).filter((one) => one !== "");
  return {
    name,
    metadata,
    savedVariables: list("savedvariables"),
    savedVariablesPerCharacter: list("savedvariablespercharacter"),
    files,
  };
}

/** The chunk name under which a file's errors and lines are told. */
export function chunkNameOf(addon: Addon, file: AddonFile): string {
  return `@Interface\\AddOns\\${addon.name}\\${file.path.replaceAll("/", "\\")}`;
}
