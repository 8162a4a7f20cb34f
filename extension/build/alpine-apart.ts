import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const LIBRARY = "@alpinejs/csp";

/**
 * Keeps Alpine out of our bundle: Twitch wants libraries that are not written to be read as files of their own. It is
 * the published file, byte for byte.
 */
export function alpineApart(): Plugin {
  const file = createRequire(import.meta.url).resolve(`${LIBRARY}/dist/module.esm.min.js`);
  const source = readFileSync(file);
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
  const name = `alpine-${hash}.js`;
  return {
    name: "alpine-apart",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id === LIBRARY ? { id, external: true } : null),
    // All scripts lie in one folder.
    renderChunk: (code) => code.replaceAll(`from "${LIBRARY}"`, `from "./${name}"`),
    // Vite takes the import for an address; the file is fetched early instead, beside our own.
    transformIndexHtml: {
      order: "post",
      handler: (html) =>
        html.replace(
          `<script type="module" crossorigin src="${LIBRARY}"></script>`,
          `<link rel="modulepreload" crossorigin href="./scripts/${name}">`,
        ),
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: `scripts/${name}`, source });
    },
  };
}
