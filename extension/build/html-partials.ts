import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const PARTIAL = /^( *)<!-- partial: ([\w-]+) -->$/gm;

/** Puts `src/pages/<name>.partial.html` where a page says `<!-- partial: <name> -->`: two pages share a body. */
export function htmlPartials(): Plugin {
  const read = (name: string): string =>
    readFileSync(new URL(`../src/pages/${name}.partial.html`, import.meta.url), "utf8").trimEnd();
  return {
    name: "html-partials",
    transformIndexHtml: {
      order: "pre",
      handler: (html) =>
        html.replace(PARTIAL, (_, indent: string, name: string) => read(name).replaceAll(/^(?=.)/gm, indent)),
    },
  };
}
