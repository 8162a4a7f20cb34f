import { execFile } from "node:child_process";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { installedPostgres } from "./programs.ts";

/* Backups as docs/how-to/backup.md makes them: a dump of one database, or a copy of the whole PostgreSQL. */

const run = promisify(execFile);
const tools = installedPostgres();

/** Dumps one database into a file. */
export async function dump(url: string, file: string): Promise<void> {
  await run(tools.pgDump, ["--format=custom", `--file=${file}`, url]);
}

/**
 * Puts a database back to what a dump holds. Whoever is connected is cut off, as if the server had been away; what was
 * there is dropped only when the dump is in.
 */
export async function putBack(adminUrl: string, database: string, file: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query("select pg_get_userbyid(datdba) as owner from pg_database where datname = $1", [
      database,
    ]);
    await admin.query(`create database restored owner ${admin.escapeIdentifier(rows[0].owner)}`);
    const target = Object.assign(new URL(adminUrl), { pathname: "/restored" }).href;
    await run(tools.pgRestore, ["--exit-on-error", `--dbname=${target}`, file]);
    const quoted = admin.escapeIdentifier(database);
    await admin.query(`alter database ${quoted} with allow_connections false`);
    await admin.query(`drop database ${quoted} with (force)`);
    await admin.query(`alter database restored rename to ${quoted}`);
  } finally {
    await admin.end();
  }
}

/** Copies the whole running PostgreSQL, all databases at one moment, and unpacks it as a data folder. */
export async function copyOfAll(url: string, folder: string): Promise<string> {
  await run(tools.pgBaseBackup, [
    `--dbname=${url}`,
    "--format=tar",
    "--wal-method=fetch",
    "--checkpoint=fast",
    `--pgdata=${folder}`,
  ]);
  // pg_basebackup makes it for its own user alone; the server on the copy is another.
  await chmod(folder, 0o755);
  const dataDir = join(folder, "data");
  await mkdir(dataDir, { mode: 0o700 });
  await run("tar", ["--no-same-owner", "-xf", join(folder, "base.tar"), "-C", dataDir]);
  return dataDir;
}
