// Where the `temporal` program comes from, in this order: what the operator names, what is installed, what an earlier
// start cached, what the SDK can download, what Go can build. The last two take time and go into the cache.
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { withLock } from "./build-lock.ts";
import { EngineError } from "./engine-error.ts";
import {
  type DefinedEnvironment,
  defaultCacheDir,
  definedOf,
  findOnPath,
  type ProgramSearch,
  programSuffix,
  runHelper,
  withProgress,
} from "./program-search.ts";

/** The newest release that `go install` can build: later ones replace a module. */
export const temporalCliModule = "github.com/temporalio/cli/cmd/temporal@v1.5.1";

const probeTimeoutMs = 20_000;
const downloadTimeoutMs = 180_000;
const buildTimeoutMs = 1_800_000;

const howToInstall = [
  "Temporal's command line was not found. One of these helps:",
  "- install it (https://docs.temporal.io/cli/setup-cli) so that `temporal` is on the PATH;",
  "- set TEMPORAL_CLI to the path of the program;",
  `- install Go (https://go.dev/dl), so that this can be built: go install ${temporalCliModule}`,
].join("\n");

/** Where to look for `temporal`: TEMPORAL_CLI names it first of all. */
export type TemporalSearch = ProgramSearch;

// A half-written or foreign program of that name must not be taken for it.
async function isTemporal(program: string, env: DefinedEnvironment): Promise<boolean> {
  const probe = { program, args: ["server", "start-dev", "--help"], env, timeoutMs: probeTimeoutMs };
  return (await runHelper(probe)).isGood;
}

// What is made in a folder of its own and renamed is whole or not there.
async function keepTemporalFrom(folder: string, cached: string, env: DefinedEnvironment): Promise<boolean> {
  for (const entry of await readdir(folder)) {
    const path = join(folder, entry);
    if (entry.endsWith(".downloading") || !(await isTemporal(path, env))) continue;
    await rename(path, cached);
    return true;
  }
  return false;
}

async function download(folder: string, env: DefinedEnvironment): Promise<void> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL("temporal-download.ts", import.meta.url));
  await runHelper({
    program: process.execPath,
    args: ["--import", loader, script, folder],
    env,
    timeoutMs: downloadTimeoutMs,
  });
}

async function build(folder: string, go: string, env: DefinedEnvironment): Promise<string> {
  const built = await runHelper({
    program: go,
    args: ["install", "-ldflags=-s -w", temporalCliModule],
    env: { ...env, GOBIN: folder },
    timeoutMs: buildTimeoutMs,
  });
  return built.report;
}

async function obtain(
  search: TemporalSearch,
  cacheDir: string,
  cached: string,
  env: DefinedEnvironment,
): Promise<string> {
  const halves = (await readdir(cacheDir)).filter((entry) => entry.startsWith("temporal.half-"));
  for (const entry of halves) await rm(join(cacheDir, entry), { recursive: true, force: true, maxRetries: 5 });
  const folder = await mkdtemp(join(cacheDir, "temporal.half-"));
  try {
    await withProgress(search, "downloading Temporal", () => download(folder, env));
    if (await keepTemporalFrom(folder, cached, env)) return cached;
    const go = await findOnPath("go", env);
    if (go === null) throw new EngineError("temporal_not_found", howToInstall);
    const label = "building Temporal with Go (once, a few minutes)";
    const report = await withProgress(search, label, () => build(folder, go, env));
    if (await keepTemporalFrom(folder, cached, env)) return cached;
    throw new EngineError(
      "temporal_build_failed",
      `go install ${temporalCliModule} failed: ${report}\n\n${howToInstall}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The path of a `temporal` program that works; fails with `temporal_not_found` and what to install. */
export async function findTemporal(search: TemporalSearch): Promise<string> {
  const env = definedOf(search.env);
  if (env.TEMPORAL_CLI) {
    const named = resolve(env.TEMPORAL_CLI);
    if (await isTemporal(named, env)) return named;
    throw new EngineError("temporal_cli_unusable", `TEMPORAL_CLI names ${named}, which is no Temporal command line`);
  }
  const installed = await findOnPath("temporal", env);
  if (installed !== null && (await isTemporal(installed, env))) return installed;
  const cacheDir = resolve(search.cacheDir ?? defaultCacheDir(search.env));
  const cached = join(cacheDir, `temporal${programSuffix}`);
  if (await isTemporal(cached, env)) return cached;
  await mkdir(cacheDir, { recursive: true });
  const onWait = () => search.onProgress("another start is fetching Temporal already: waiting for it");
  return withLock(join(cacheDir, "temporal.lock"), onWait, async () => {
    if (await isTemporal(cached, env)) return cached;
    return obtain(search, cacheDir, cached, env);
  });
}
