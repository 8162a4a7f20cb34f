import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { PostgresBinaries } from "../../engines/postgres-binaries.ts";
import { findServerPrograms } from "../../engines/server-programs.ts";

/** The production server's programs; built once per machine. */
export function serverPrograms(): Promise<string> {
  return findServerPrograms({ env: process.env, onProgress: (line) => void process.stderr.write(`${line}\n`) });
}

/** What a process of ours needs of this one's environment. */
export function pathAndHome(): { PATH: string; HOME: string } {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME };
}

const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** An installed PostgreSQL with its tools; npm's has no `pg_dump`, and only one of the server's version will do. */
export interface InstalledPostgres extends PostgresBinaries {
  /** Where they all are. */
  readonly folder: string;
}

/** The newest PostgreSQL that Debian installed. */
export function installedPostgres(): InstalledPostgres {
  const versions = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER).toSorted((a, b) => Number(b) - Number(a))
    : [];
  const version = versions.find((one) => existsSync(join(DEBIAN_FOLDER, one, "bin/postgres")));
  if (version === undefined) throw new Error("PostgreSQL is not installed; on Debian: apt install postgresql");
  const program = (name: string) => join(DEBIAN_FOLDER, version, "bin", name);
  return {
    postgres: program("postgres"),
    initdb: program("initdb"),
    folder: join(DEBIAN_FOLDER, version, "bin"),
  };
}
