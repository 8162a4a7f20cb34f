import { findGoPrograms } from "./go-programs.ts";
import type { ProgramSearch } from "./program-search.ts";

/** The Temporal server's version; docker-compose.yml names images of the same. */
export const temporalServerVersion = "1.31.1";

/**
 * The folder with `temporal-server` and `temporal-sql-tool`: the very programs of the images in docker-compose.yml, for
 * machines without a container engine.
 */
export function findServerPrograms(search: ProgramSearch): Promise<string> {
  const version = `v${temporalServerVersion}`;
  return findGoPrograms(
    {
      title: "the Temporal server",
      folder: `temporal-server-${version}`,
      programs: {
        "temporal-server": `go.temporal.io/server/cmd/server@${version}`,
        "temporal-sql-tool": `go.temporal.io/server/cmd/tools/sql@${version}`,
      },
    },
    search,
  );
}
