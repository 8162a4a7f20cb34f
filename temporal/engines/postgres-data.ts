import { randomBytes } from "node:crypto";
import { chown, mkdir, open, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { basename, dirname, join } from "node:path";
import { EngineError } from "./engine-error.ts";
import { startEngineProcess } from "./engine-process.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import {
  describeProcess,
  processesIn,
  type RunningProcess,
  type StopStage,
  stopForeignProcess,
  workingFolderOf,
} from "./running-process.ts";
import { findOrdinaryUser, isRoot, type SystemUser } from "./system-user.ts";

/** The name of the one user in the database. */
export const superuser = "postgres";

/** Nothing but the locale: PostgreSQL takes defaults from many PG* and LC_* variables. */
export const postgresEnv = { LC_ALL: "C", LANG: "C", TZ: "UTC" };

/** Fast shutdown, then immediate shutdown, then the hard way. */
export const postgresStopStages: readonly StopStage[] = [
  ["SIGINT", 20_000],
  ["SIGQUIT", 7_000],
  ["SIGKILL", 5_000],
];

const launcherFile = "mgm-launcher.pid";

/** The user to run PostgreSQL as on this data folder; null means as ourselves. */
export async function userFor(dataDir: string): Promise<SystemUser | null> {
  if (!isRoot()) return null;
  // Data that belong to an ordinary user already stay with that user.
  const owner = await stat(join(dataDir, "PG_VERSION")).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return findOrdinaryUser();
}

/**
 * The data folder as PostgreSQL shall call it. A process keeps the working folder that it was started in even where its
 * user could not enter the folders above, so another user's data may lie below a private folder such as root's home.
 */
export function dataFolderArgument(dataDir: string, user: SystemUser | null): string {
  return user !== null && platform() === "linux" ? "/proc/self/cwd" : dataDir;
}

async function giveTo(user: SystemUser, folder: string): Promise<void> {
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await giveTo(user, path);
    else if (entry.isFile()) await chown(path, user.uid, user.gid);
  }
}

/** How to make a new data folder. */
export interface NewCluster {
  dataDir: string;
  binaries: PostgresBinaries;
  user: SystemUser | null;
  password: string;
  durable: boolean;
  deadlineAt: number;
  log: (line: string) => void;
}

async function runInitdb(cluster: NewCluster, folder: string, passwordFile: string): Promise<void> {
  const { binaries, user, durable, deadlineAt, log } = cluster;
  // Handed over open, as initdb's user may be unable to reach the file by its path.
  const password = await open(passwordFile, "r");
  const initdb = startEngineProcess({
    name: "initdb",
    program: binaries.initdb,
    args: [
      `--pgdata=${dataFolderArgument(folder, user)}`,
      `--username=${superuser}`,
      `--pwfile=${platform() === "win32" ? passwordFile : "/dev/stdin"}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ],
    cwd: folder,
    env: postgresEnv,
    user,
    stdin: password.fd,
    log,
  });
  const timer = setTimeout(() => void initdb.stop([["SIGKILL", 5_000]]), Math.max(1, deadlineAt - Date.now()));
  const how = await initdb.ended;
  clearTimeout(timer);
  await password.close();
  if (how !== "exit code 0") {
    throw new EngineError("start_failed", `initdb ended (${how}); its last lines:\n${initdb.lastLines()}`);
  }
}

async function createCluster(cluster: NewCluster): Promise<void> {
  const { dataDir, user, password } = cluster;
  const parent = dirname(dataDir);
  await mkdir(parent, { recursive: true });
  const prefix = `${basename(dataDir)}.initdb-`;
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(prefix)) await rm(join(parent, entry), { recursive: true, force: true, maxRetries: 5 });
  }
  // Made beside and renamed, so that a data folder is whole or not there.
  const half = join(parent, `${prefix}${randomBytes(4).toString("hex")}`);
  const passwordFile = `${half}.password`;
  try {
    await mkdir(half, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== null) {
      await chown(half, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await runInitdb(cluster, half, passwordFile);
    await rename(half, dataDir);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(half, { recursive: true, force: true });
  }
}

/** Makes the data folder if it is not there yet, and sees to it that it belongs to the user who will run on it. */
export async function prepareDataFolder(cluster: NewCluster): Promise<void> {
  const { dataDir, user } = cluster;
  const content = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [] as string[];
    throw new EngineError("data_folder_unusable", `cannot read the data folder ${dataDir}`, { cause: error });
  });
  if (content.length === 0) return createCluster(cluster);
  if (!content.includes("PG_VERSION")) {
    throw new EngineError("data_folder_unusable", `${dataDir} holds other things than a PostgreSQL database`);
  }
  if (user !== null && (await stat(join(dataDir, "PG_VERSION"))).uid !== user.uid) await giveTo(user, dataDir);
}

async function readNumber(file: string, line: number): Promise<number | null> {
  const text = await readFile(file, "utf8").catch(() => "");
  const number = Number(text.split("\n")[line]);
  return Number.isInteger(number) && number > 0 ? number : null;
}

/** Notes in the data folder which launcher started the engine there. */
export async function rememberLauncher(dataDir: string, user: SystemUser | null): Promise<void> {
  const file = join(dataDir, launcherFile);
  await writeFile(file, `${process.pid}\n`);
  if (user !== null) await chown(file, user.uid, user.gid);
}

/** Whether the engine with this process number accepts connections. */
export async function isClusterReady(dataDir: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}

async function findPostmaster(dataDir: string): Promise<RunningProcess | null> {
  const pid = await readNumber(join(dataDir, "postmaster.pid"), 0);
  const found = pid === null ? null : await describeProcess(pid);
  if (found === null || !found.name.startsWith("postgres")) return null;
  const folder = await workingFolderOf(found.pid);
  const isHere = folder === null ? found.command.includes(dataDir) : folder === dataDir;
  return isHere ? found : null;
}

/** The port of the server that runs on this data folder; null when none does. */
export async function postmasterPort(givenDataDir: string): Promise<number | null> {
  const dataDir = await realpath(givenDataDir).catch(() => null);
  if (dataDir === null || (await findPostmaster(dataDir)) === null) return null;
  return await readNumber(join(dataDir, "postmaster.pid"), 3);
}

/** Ends what a killed launcher left running on this data folder; fails with `already_running` when it is not killed. */
export async function stopLeftoverPostgres(givenDataDir: string, log: (line: string) => void): Promise<void> {
  const dataDir = await realpath(givenDataDir).catch(() => null);
  if (dataDir === null) return;
  const postmaster = await findPostmaster(dataDir);
  if (postmaster !== null) {
    // An orphan gets another parent, so a parent that is still the launcher is alive.
    if (postmaster.parentPid === (await readNumber(join(dataDir, launcherFile), 0))) {
      const who = `process ${postmaster.parentPid} runs PostgreSQL (process ${postmaster.pid}) on it`;
      throw new EngineError("already_running", `the data folder ${dataDir} is in use: ${who}`);
    }
    log(`stopping PostgreSQL (process ${postmaster.pid}), left over on ${dataDir}`);
    await stopForeignProcess(postmaster.pid, postgresStopStages);
  }
  // Sessions may outlive a killed postmaster for a while, and nobody else may write before the last is gone.
  for (const session of await processesIn(dataDir, "postgres")) {
    await stopForeignProcess(session.pid, [
      ["SIGQUIT", 5_000],
      ["SIGKILL", 5_000],
    ]);
  }
  // Its number may belong to an innocent process by now, which PostgreSQL would take for another postmaster.
  if (platform() === "linux") await rm(join(dataDir, "postmaster.pid"), { force: true });
}
