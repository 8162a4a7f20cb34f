import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

/* A run starts its programs a thousand times: each is put into one file once, so that a start does not compile it anew. */

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const CACHE = join(ROOT, "node_modules", ".cache", "mgm-chaos");
/** What has parts that are no JavaScript, or looks for its own files. */
const EXTERNAL = [
  "@temporalio/*",
  "@napi-rs/keyring",
  "classic-level",
  "koffi",
  "robotjs",
  "x11",
  "esbuild",
  "pg-native",
];
/** What packages of the older kind take for granted. */
const BANNER = `import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Files of ours find what lies beside them where it has always been. */
const ownAddresses: Plugin = {
  name: "own-addresses",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};

/** Bundles a program; the address of the result. */
export async function bundleProgram(program: URL): Promise<URL> {
  const entry = fileURLToPath(program);
  const outfile = join(CACHE, `${process.pid}-${basename(entry, ".ts")}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: EXTERNAL,
    plugins: [ownAddresses],
    banner: { js: BANNER },
    logLevel: "error",
  });
  return pathToFileURL(outfile);
}
