import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a page makes a viewer load, in bytes. */
export interface PageSize {
  readonly page: string;
  /** Our own JavaScript, gzipped file by file. */
  readonly ownScript: number;
  /** Alpine's file, gzipped. */
  readonly alpine: number;
}

/** Scripts are counted as the network carries them. */
export const LARGEST_OWN_SCRIPT = 15_000;
export const LARGEST_SCRIPT = 40_000;
/** All fonts together, as they are. */
export const LARGEST_FONTS = 120_000;

/** Measures every page of a built extension. */
export function pageSizes(folder: string): readonly PageSize[] {
  const pages = readdirSync(folder).filter((name) => name.endsWith(".html"));
  return pages.toSorted().map((page) => {
    const scripts = [...scriptsOf(folder, page)];
    const sizeOf = (isWanted: (name: string) => boolean): number =>
      scripts.filter(isWanted).reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
    const isAlpine = (name: string): boolean => /(^|\/)alpine-/.test(name);
    return { page, ownScript: sizeOf((name) => !isAlpine(name)), alpine: sizeOf(isAlpine) };
  });
}

/** The size of all fonts, in bytes. */
export function fontsSize(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".woff2"));
  return files.reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
}

/** What is too large, in words; empty when nothing is. */
export function sizeFaults(folder: string): readonly string[] {
  const faults = pageSizes(folder).flatMap(({ page, ownScript, alpine }) => [
    ...(ownScript > LARGEST_OWN_SCRIPT ? [`${page}: our own JavaScript is ${ownScript} bytes`] : []),
    ...(ownScript + alpine > LARGEST_SCRIPT ? [`${page}: all JavaScript is ${ownScript + alpine} bytes`] : []),
  ]);
  const fonts = fontsSize(folder);
  return fonts > LARGEST_FONTS ? [...faults, `the fonts are ${fonts} bytes`] : faults;
}

/** The scripts that a page loads, those that its scripts import included. */
function scriptsOf(folder: string, page: string): ReadonlySet<string> {
  const found = new Set<string>();
  const follow = (text: string, base: string): void => {
    for (const [, address = ""] of text.matchAll(/["'](\.{1,2}\/[^"']+\.js)["']/g)) {
      const name = new URL(address, `http://page/${base}`).pathname.slice(1);
      if (found.has(name)) continue;
      found.add(name);
      follow(readFileSync(join(folder, name), "utf8"), name);
    }
  };
  follow(readFileSync(join(folder, page), "utf8"), page);
  return found;
}
