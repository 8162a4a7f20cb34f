import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/* `npm run build`: what the container image runs, as plain JavaScript that needs neither TypeScript nor its loader. */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUT = join(ROOT, "temporal/.build");

/** The programs of a deployment, by the names of their files in `temporal/.build`. */
export const PROGRAMS = {
  api: "api/main.ts",
  worker: "temporal/worker-main.ts",
  "temporal-setup": "temporal/setup/namespace-main.ts",
  "database-setup": "temporal/setup/databases-main.ts",
  "twitch-login": "temporal/twitch-login-main.ts",
  "after-restore": "temporal/restore/main.ts",
  forget: "temporal/forget-main.ts",
  "verify-draw": "temporal/verify-draw-main.ts",
  "replay-open": "temporal/replay-open-main.ts",
} as const;

/** What a program finds when it runs. */
const INSTALLED = join(ROOT, "node_modules/");
/** Marks our own question in the plugin's answer to it. */
const ASKING = { isAsking: true };

/**
 * Our own packages become part of the programs, others stay where npm installed them; but not those that npm put beside one
 * of ours because somebody else has another version: programs would find that one, or none.
 */
const packagesStay: Plugin = {
  name: "packages-stay",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind === "entry-point" || path.startsWith("@mgm/") || pluginData === ASKING) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: ASKING });
      const isBesideOurs = found.errors.length === 0 && !found.external && !found.path.startsWith(INSTALLED);
      return isBesideOurs ? undefined : { path, external: true };
    });
  },
};

/** What a source finds beside itself (migrations, the workflow bundle) it still finds from the built program. */
const sourcesKeepTheirPlace: Plugin = {
  name: "sources-keep-their-place",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!text.includes("import.meta.url")) return undefined;
      const place = JSON.stringify(relative(OUT, path));
      return {
        contents: text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`),
        loader: "ts",
        resolveDir: dirname(path),
      };
    });
  },
};

/** Builds every program into `temporal/.build`. */
export async function buildPrograms(): Promise<void> {
  await build({
    entryPoints: Object.entries(PROGRAMS).map(([out, path]) => ({ in: join(ROOT, path), out })),
    outdir: OUT,
    bundle: true,
    splitting: true,
    chunkNames: "shared-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    logLevel: "warning",
    plugins: [packagesStay, sourcesKeepTheirPlace],
  });
}
