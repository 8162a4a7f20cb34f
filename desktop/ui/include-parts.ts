import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const INCLUDE = /^([ \t]*)<!-- include ([\w./-]+\.html) -->$/gm;

/** Puts each part's markup where index.html says `<!-- include queue/queue.html -->`, so that it lives beside its logic. */
export function includeParts(): Plugin {
  return {
    name: "include-parts",
    transformIndexHtml: {
      order: "pre",
      handler: (html, { filename }) => withParts(html, dirname(filename)),
    },
    handleHotUpdate: ({ file, server }) => {
      if (file.endsWith(".html")) server.ws.send({ type: "full-reload" });
    },
  };
}

function withParts(html: string, folder: string): string {
  return html.replace(INCLUDE, (_, indent: string, path: string) =>
    withParts(readFileSync(join(folder, path), "utf8"), folder)
      .trimEnd()
      .replace(/^(?=.)/gm, indent),
  );
}
