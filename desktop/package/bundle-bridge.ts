import { join } from "node:path";
import { build } from "esbuild";
import { NATIVE_PACKAGES } from "./native-packages.ts";

/** Inside a single executable, only Node's own modules can be required; ours lie beside it. */
const BANNER = `require = require("node:module").createRequire(process.execPath);
const executableUrl = require("node:url").pathToFileURL(process.execPath).href;`;

/** Puts the bridge into one script that a single executable can hold. */
export async function bundleBridge({
  version,
  outFile,
}: {
  readonly version: string;
  readonly outFile: string;
}): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "sea-main.ts")],
    outfile: outFile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // What ws would use if it were there.
    external: [...NATIVE_PACKAGES, "bufferutil", "utf-8-validate"],
    define: { MGM_VERSION: JSON.stringify(version), "import.meta.url": "executableUrl" },
    banner: { js: BANNER },
    legalComments: "inline",
    logLevel: "error",
    logOverride: { "empty-import-meta": "silent" },
  });
}
