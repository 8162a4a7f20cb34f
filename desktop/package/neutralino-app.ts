import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Target } from "./targets.ts";

/*
 * The Neutralino part of an app: `resources.neu` with the window and the configuration, and the core's binary for each
 * system. `neu build` makes them in a folder of its own; extensions are added afterwards, as they differ by system.
 */

const NAME = "gold-o-matic";

/** Runs `neu build`; the folder with what came of it. Cores that the cache does not have are left out. */
export async function buildNeutralino(options: {
  readonly desktop: string;
  readonly version: string;
  readonly windowFolder: string;
  readonly cache: string;
  readonly workFolder: string;
}): Promise<string> {
  const { desktop, version, windowFolder, cache, workFolder } = options;
  await mkdir(join(workFolder, "bin"), { recursive: true });
  await cp(windowFolder, join(workFolder, "ui/dist"), { recursive: true });
  await copyFile(join(desktop, "icon.png"), join(workFolder, "icon.png"));
  const config = JSON.parse(await readFile(join(desktop, "neutralino.config.json"), "utf8")) as object;
  await writeFile(join(workFolder, "neutralino.config.json"), JSON.stringify({ ...config, version }));
  const cores = join(cache, "neutralino");
  if (existsSync(cores)) await cp(cores, join(workFolder, "bin"), { recursive: true });
  const neu = createRequire(import.meta.url).resolve("@neutralinojs/neu/bin/neu.js");
  await promisify(execFile)(process.execPath, [neu, "build"], { cwd: workFolder });
  return join(workFolder, "dist", NAME);
}

/** Puts the app's own files for one system into a folder; false when there is no core for it. */
export async function placeNeutralino(built: string, target: Target, folder: string): Promise<boolean> {
  const core = join(built, `${NAME}-${target.neutralino}`);
  if (!existsSync(core)) return false;
  const program = join(folder, `${NAME}${target.suffix}`);
  await copyFile(core, program);
  await chmod(program, 0o755);
  await copyFile(join(built, "resources.neu"), join(folder, "resources.neu"));
  return true;
}
