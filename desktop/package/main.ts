import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { build } from "vite";
import { buildNeutralino, placeNeutralino } from "./neutralino-app.ts";
import { packageBridge } from "./package-bridge.ts";
import { nodeOf, TARGETS, type Target } from "./targets.ts";
import { zipFolder } from "./zip-folder.ts";

/*
 * `npm run package`: everything that is handed out, into one folder, with one version in all of it.
 *
 *   gold-o-matic-<version>-<system>.zip          the Neutralino app with the bridge inside
 *   gold-o-matic-bridge-<version>-<system>.zip   the bridge alone, where there is no core of Neutralino for the system
 *   MimironsGoldOMatic-<version>.zip             the addon
 *   extension-<version>.zip                      the Twitch extension
 *   SHA256SUMS
 */

const ROOT = join(import.meta.dirname, "../..");
const DESKTOP = join(ROOT, "desktop");

const { values } = parseArgs({
  options: {
    out: { type: "string", default: join(ROOT, ".build/package") },
    cache: { type: "string", default: join(homedir(), ".cache/mimirons-gold-o-matic/package") },
  },
});
const { out, cache } = values;
const workFolder = join(out, "work");
const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
const say = (text: string): void => void process.stdout.write(`${text}\n`);

await rm(out, { recursive: true, force: true });
await mkdir(workFolder, { recursive: true });

const windowFolder = join(workFolder, "window");
await build({
  configFile: join(DESKTOP, "ui/vite.config.ts"),
  logLevel: "warn",
  build: { outDir: windowFolder, emptyOutDir: true },
});
const neutralino = await buildNeutralino({
  desktop: DESKTOP,
  version,
  windowFolder,
  cache,
  workFolder: join(workFolder, "neutralino"),
});
for (const target of TARGETS) await packageDesktop(target);
await packageAddon();
await packageExtension();
await rm(workFolder, { recursive: true });
await writeChecksums();

async function packageDesktop(target: Target): Promise<void> {
  if (!existsSync(nodeOf(target, cache))) {
    say(`${target.name}: left out, ${nodeOf(target, cache)} is missing`);
    return;
  }
  const app = join(workFolder, target.name);
  const bridge = join(app, "extensions/bridge");
  await packageBridge({
    target,
    version,
    windowFolder,
    cache,
    ownModules: join(ROOT, "node_modules"),
    folder: bridge,
    workFolder,
  });
  const hasCore = await placeNeutralino(neutralino, target, app);
  const name = `gold-o-matic-${hasCore ? "" : "bridge-"}${version}-${target.name}`;
  await zipFolder(hasCore ? app : bridge, name, join(out, `${name}.zip`));
  say(`${name}.zip${hasCore ? "" : ": without the app, no core of Neutralino in the cache"}`);
}

async function packageAddon(): Promise<void> {
  const folder = join(workFolder, "addon");
  const toc = join(folder, "MimironsGoldOMatic.toc");
  await cp(join(ROOT, "addon/MimironsGoldOMatic"), folder, {
    recursive: true,
    filter: (path) => !/\.test\.lua$/.test(path),
  });
  const text = await readFile(toc, "utf8");
  await writeFile(toc, text.replace(/^## Version: .*$/m, `## Version: ${version}`));
  await zipFolder(folder, "MimironsGoldOMatic", join(out, `MimironsGoldOMatic-${version}.zip`));
  say(`MimironsGoldOMatic-${version}.zip`);
}

/** The extension makes its own archive, as Twitch wants it. */
async function packageExtension(): Promise<void> {
  await promisify(execFile)("npm", ["run", "build", "-w", "extension"], {
    cwd: ROOT,
    shell: process.platform === "win32",
  });
  await cp(join(ROOT, "extension/.build/extension.zip"), join(out, `extension-${version}.zip`));
  say(`extension-${version}.zip`);
}

async function writeChecksums(): Promise<void> {
  const names = (await readdir(out)).filter((name) => name.endsWith(".zip")).sort();
  const lines = await Promise.all(
    names.map(
      async (name) =>
        `${createHash("sha256")
          .update(await readFile(join(out, name)))
          .digest("hex")}  ${name}`,
    ),
  );
  await writeFile(join(out, "SHA256SUMS"), `${lines.join("\n")}\n`);
}
