import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Names and texts, as the environment has them. */
type Environment = Readonly<Record<string, string | undefined>>;

const VERSION = "4.32.5";

/** The program, installed into a virtual environment of its own in the cache folder. */
export async function installSchemathesis(environment: Environment): Promise<string> {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "mimirons-gold-o-matic", `schemathesis-${VERSION}`);
  const program = join(folder, "bin", "schemathesis");
  const done = join(folder, "installed");
  if (existsSync(done)) return program;
  process.stdout.write(`installing Schemathesis ${VERSION} into ${folder}\n`);
  // Scripts in it name the folder, so it is made in its place; a half-made one is made again.
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  run("python3", ["-m", "venv", folder]);
  run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", `schemathesis==${VERSION}`]);
  await mkdir(`${done}.making`);
  await rename(`${done}.making`, done);
  return program;
}

function run(command: string, parameters: readonly string[]): void {
  const { status, error } = spawnSync(command, parameters, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${parameters.join(" ")} failed`, { cause: error });
}
