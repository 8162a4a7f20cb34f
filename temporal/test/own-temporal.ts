import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import { inject } from "vitest";
import { freePortsBelow } from "../engines/free-port.ts";
import { findServerPrograms } from "../engines/server-programs.ts";
import { findTemporal } from "../engines/temporal-binary.ts";
import { clusterPortLimit, startTemporalCluster } from "../engines/temporal-cluster.ts";
import { startTemporal } from "../engines/temporal-server.ts";
import { engines } from "./engines.ts";

/** A Temporal server of a test's own, which it may take away and bring back. */
export interface OwnTemporal {
  readonly address: string;
  readonly pid: number;
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Prepares a server of the kind that the run is on, with what it knows in `folder` or in the run's PostgreSQL. Each call
 * of what it returns starts it, on the same port with all that it knew; the one before must have ended.
 */
export async function ownTemporal(folder: string): Promise<() => Promise<OwnTemporal>> {
  const search = { env: process.env, onProgress: () => undefined };
  const [port = 0] = await freePortsBelow(clusterPortLimit, 1);
  const common = { port, searchAttributes: SEARCH_ATTRIBUTES, namespace: "default", log: () => undefined };
  if (inject("temporal") === "production") {
    const programs = await findServerPrograms(search);
    const name = `temporal_${randomBytes(4).toString("hex")}`;
    return () => startTemporalCluster({ ...common, programs, adminUrl: engines().postgresUrl, name, folder });
  }
  const binary = await findTemporal(search);
  return () => startTemporal({ ...common, binary, uiPort: null, dbFile: join(folder, "temporal.db") });
}
