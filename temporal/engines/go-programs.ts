// Programs that Go builds from source, once per user and version.
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { withLock } from "./build-lock.ts";
import { EngineError } from "./engine-error.ts";
import {
  defaultCacheDir,
  definedOf,
  findOnPath,
  type ProgramSearch,
  programSuffix,
  runHelper,
  withProgress,
} from "./program-search.ts";

const buildTimeoutMs = 1_800_000;

/** Programs that belong together. */
export interface GoPrograms {
  /** What they are called when it is told that they are being built. */
  readonly title: string;
  /** Name of their folder in the cache; holds the version. */
  readonly folder: string;
  /** File names and the modules with version that they are built from. */
  readonly programs: Readonly<Record<string, string>>;
}

/** The folder that holds the programs, built unless an earlier run did. */
export async function findGoPrograms(wanted: GoPrograms, search: ProgramSearch): Promise<string> {
  const cacheDir = resolve(search.cacheDir ?? defaultCacheDir(search.env));
  const folder = join(cacheDir, wanted.folder);
  if (await isThere(folder)) return folder;
  await mkdir(cacheDir, { recursive: true });
  const onWait = () => search.onProgress(`another run is building ${wanted.title} already: waiting for it`);
  return withLock(`${folder}.lock`, onWait, async () => {
    if (!(await isThere(folder))) await build(wanted, search, cacheDir);
    return folder;
  });
}

async function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}

async function build({ title, folder, programs }: GoPrograms, search: ProgramSearch, cacheDir: string): Promise<void> {
  const env = definedOf(search.env);
  const halves = (await readdir(cacheDir)).filter((entry) => entry.startsWith(`${folder}.half-`));
  for (const entry of halves) await rm(join(cacheDir, entry), { recursive: true, force: true, maxRetries: 5 });
  const go = await findOnPath("go", env);
  if (go === null) throw new EngineError("go_not_found", `Go (https://go.dev/dl) is needed to build ${title}`);
  // Made in a folder of its own and renamed, so that it is whole or not there.
  const half = await mkdtemp(join(cacheDir, `${folder}.half-`));
  try {
    // One after the other: `go install` takes no two versions at once.
    for (const [name, module] of Object.entries(programs)) {
      const args = ["install", "-ldflags=-s -w", module];
      const work = () => runHelper({ program: go, args, env: { ...env, GOBIN: half }, timeoutMs: buildTimeoutMs });
      const built = await withProgress(search, `building ${title} with Go (once, some minutes)`, work);
      if (!built.isGood) throw new EngineError("go_build_failed", `go install ${module} failed: ${built.report}`);
      const path = module.slice(0, module.indexOf("@"));
      const goName = path.slice(path.lastIndexOf("/") + 1);
      await rename(join(half, `${goName}${programSuffix}`), join(half, `${name}${programSuffix}`));
    }
    await rename(half, join(cacheDir, folder));
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}
