import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeBytes, encodeText } from "./lua-text.ts";

/** Where SavedVariables files live between sessions, by file name. */
export type SavedVariablesStore = {
  read(name: string): string | undefined;
  write(name: string, source: string): void;
};

/** Keeps them for as long as the process runs. */
export function memorySavedVariables(initial: Readonly<Record<string, string>> = {}): SavedVariablesStore {
  const files = new Map(Object.entries(initial));
  return {
    read: (name) => files.get(name),
    write: (name, source) => {
      files.set(name, source);
    },
  };
}

/** Keeps them as `<folder>/<name>.lua`, as the client does below WTF. */
export function folderSavedVariables(folder: string): SavedVariablesStore {
  const fileOf = (name: string) => join(folder, `${name}.lua`);
  return {
    read: (name) => {
      try {
        return decodeBytes(readFileSync(fileOf(name)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    write: (name, source) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(name), encodeText(source));
    },
  };
}
