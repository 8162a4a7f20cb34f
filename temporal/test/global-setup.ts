import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@mgm/activities/db/migrate";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { writeWorkflowBundle } from "../bundle.ts";
import { startPostgres } from "../engines/postgres.ts";
import { findServerPrograms } from "../engines/server-programs.ts";
import { findTemporal } from "../engines/temporal-binary.ts";
import { startTemporalCluster } from "../engines/temporal-cluster.ts";
import { startTemporal } from "../engines/temporal-server.ts";
import { TEMPLATE_DATABASE } from "./engines.ts";
import { leaksIn } from "./log-secrets.ts";

/* One PostgreSQL and one Temporal server for the whole run; every test has a database and a task queue of its own. */

const silent = (): void => undefined;
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-test-"));
  const postgres = await startPostgres({
    dataDir: join(folder, "postgres"),
    password: "only-for-tests",
    durable: false,
    log: silent,
  });
  const temporal = await startEngine(project, { folder, adminUrl: postgres.url("postgres") });
  const bundleFile = join(folder, "workflows.js");
  await Promise.all([writeWorkflowBundle(bundleFile), makeTemplate(postgres.url)]);
  const logFolder = join(folder, "logs");
  await mkdir(logFolder);
  project.provide("engines", {
    postgresUrl: postgres.url("postgres"),
    temporalAddress: temporal.address,
    bundleFile,
    logFolder,
  });
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
    const leaks = await leaksIn(logFolder);
    await rm(folder, { recursive: true, force: true });
    if (leaks.length > 0) {
      // Vitest only mentions what a teardown throws.
      process.exitCode = 1;
      throw new Error(`secrets were logged:\n${leaks.join("\n")}`);
    }
  };
}

/** The development server, or, for `npm run test:server`, the one that production runs. */
async function startEngine(
  project: TestProject,
  { folder, adminUrl }: { folder: string; adminUrl: string },
): Promise<{ address: string; stop(): Promise<void> }> {
  const search = { env: process.env, onProgress: tell };
  const common = { searchAttributes: SEARCH_ATTRIBUTES, namespace: "default", log: silent };
  if (project.config.provide.temporal === "production") {
    const programs = await findServerPrograms(search);
    return await startTemporalCluster({ ...common, programs, adminUrl, name: "temporal", folder });
  }
  return await startTemporal({ ...common, binary: await findTemporal(search), uiPort: null, dbFile: null });
}

async function makeTemplate(url: (database: string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url("postgres") });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE}`);
  await client.end();
  await migrate(url(TEMPLATE_DATABASE));
}
