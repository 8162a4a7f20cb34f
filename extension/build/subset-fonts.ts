import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import subsetFont from "subset-font";

/*
 * The packages' files hold letters for half of Europe and beyond; a character's name can be made of few of them
 * (domain/character-name). What the pages never show is cut out.
 */

const FACES = [
  { family: "philosopher", weight: 700 },
  { family: "alegreya-sans", weight: 400 },
  { family: "alegreya-sans", weight: 700 },
] as const;

const SUBSETS: Readonly<Record<string, string>> = {
  latin: `${range(0x20, 0x7e)}${range(0xa0, 0xff)}–—‘’“”…`,
  "latin-ext": range(0x100, 0x17f),
  cyrillic: `${range(0x410, 0x44f)}Ёё№`,
};

/** Writes the fonts' subsets into a folder, as woff2; those that are there stay. */
export async function subsetFonts(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { resolve } = createRequire(import.meta.url);
  for (const { family, weight } of FACES) {
    for (const [subset, letters] of Object.entries(SUBSETS)) {
      const file = join(folder, `${family}-${subset}-${weight}.woff2`);
      if (existsSync(file)) continue;
      const whole = resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff2`);
      writeFileSync(file, await subsetFont(readFileSync(whole), letters, { targetFormat: "woff2" }));
    }
  }
}

function range(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i)).join("");
}
