import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the changes to the schema are, one file each, in the order of their names. */
export const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

let newest: Promise<string> | null = null;

/** Name of the newest change that this build has, as `schema_migrations` has it; read once. */
export function newestMigration(): Promise<string> {
  newest ??= readNewest();
  return newest;
}

async function readNewest(): Promise<string> {
  const files = await readdir(MIGRATIONS);
  return (
    files
      .toSorted()
      .at(-1)
      ?.replace(/\.sql$/, "") ?? ""
  );
}
