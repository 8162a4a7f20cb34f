import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { readPage } from "../../../docs/make/page.ts";
import { installedPostgres } from "./programs.ts";

/*
 * Backups as docs/how-to/backup.md makes them and puts them back: its commands are typed as they stand there, only that
 * PostgreSQL's programs are this machine's. What is asked of the container engine itself, to stop and start services,
 * whoever calls does in its own way and in the page's order.
 */

const page = readPage("docs/how-to/backup.md");
const IN_POSTGRES = "docker compose exec -T postgres ";
const DATA_FOLDER = "/var/lib/postgresql/18/docker";

/** The lines of the one block that holds a text. */
function blockWith(text: string): string[] {
  const [found, ...others] = page.blocks.filter((block) => block.text.includes(text));
  if (found === undefined || others.length > 0) throw new Error(`not one block of the page has ${text}`);
  return found.text.split("\n");
}

function commandsInPostgres(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith(IN_POSTGRES)).map((line) => line.slice(IN_POSTGRES.length));
}

/** Types a line into a shell in a folder, as the user `postgres` of the server at `adminUrl`. */
async function typeAsPostgres(command: string, adminUrl: string, folder: string): Promise<void> {
  const { hostname, port, password } = new URL(adminUrl);
  await promisify(execFile)("bash", ["-o", "pipefail", "-c", command], {
    cwd: folder,
    env: {
      PATH: `${installedPostgres().folder}:${process.env.PATH ?? ""}`,
      PGHOST: hostname,
      PGPORT: port,
      PGPASSWORD: decodeURIComponent(password),
    },
  });
}

/** The page speaks of the product's database, and says that Temporal's are treated alike. */
function about(command: string, database: string, owner: string): string {
  return command.replaceAll("owner mgm", `owner ${owner}`).replaceAll(/(?<!owner )\bmgm/g, database);
}

/** Dumps one database into its file of the folder. */
export async function dump(adminUrl: string, database: string, folder: string): Promise<void> {
  for (const command of commandsInPostgres(blockWith("pg_dump"))) {
    await typeAsPostgres(about(command, database, database), adminUrl, folder);
  }
}

/** Puts a database back to what its dump holds. Whoever is connected is cut off, as those are that the page stops. */
export async function putBack(adminUrl: string, database: string, owner: string, folder: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`alter database ${admin.escapeIdentifier(database)} with allow_connections false`);
    await admin.query("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1", [database]);
  } finally {
    await admin.end();
  }
  for (const command of commandsInPostgres(blockWith("pg_restore"))) {
    await typeAsPostgres(about(command, database, owner), adminUrl, folder);
  }
}

/** What the page has done after a database was put back, and before anything else runs. */
export function pageAfterPuttingBack(): string[] {
  const lines = blockWith("pg_restore").filter((line) => !line.startsWith("#"));
  return lines.slice(lines.findLastIndex((line) => line.startsWith(IN_POSTGRES)) + 1);
}

/** Copies the whole running PostgreSQL, all databases at one moment, into a file of the folder. */
export async function copyOfAll(adminUrl: string, folder: string): Promise<void> {
  for (const command of commandsInPostgres(blockWith("pg_basebackup"))) await typeAsPostgres(command, adminUrl, folder);
}

/** Unpacks such a copy as the data folder of a new PostgreSQL; returns which one. */
export async function unpackCopy(adminUrl: string, folder: string): Promise<string> {
  const [, script = ""] = /^gunzip .*-c '\n([^']*)'$/m.exec(blockWith("gunzip").join("\n")) ?? [];
  const dataDir = join(folder, "data");
  // Whose the files are becomes the business of whoever starts a server on them.
  const here = script.replace(DATA_FOLDER, dataDir).replace("postgres:postgres", '"$(id -u):$(id -g)"');
  if (!here.includes(dataDir)) throw new Error("the page unpacks into another folder");
  await typeAsPostgres(`gunzip < all.tar.gz | sh -c '${here}'`, adminUrl, folder);
  await chmod(folder, 0o755);
  return dataDir;
}
