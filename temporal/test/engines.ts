import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

/** Where the run's engines are. */
export interface Engines {
  readonly postgresUrl: string;
  readonly temporalAddress: string;
  readonly bundleFile: string;
  /** Logs of the run and the secrets that it used: none of these may stand in any of those. */
  readonly logFolder: string;
}

declare module "vitest" {
  interface ProvidedContext {
    engines: Engines;
    /** Which Temporal server the run is on; development where nobody says. */
    temporal: "development" | "production";
  }
}

/** The migrated database that every test's own is cloned from. */
export const TEMPLATE_DATABASE = "mgm_template";

/** The run's engines. */
export function engines(): Engines {
  return inject("engines");
}

/** A database of the caller's own, migrated and empty. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Clones a database from the template. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const { postgresUrl } = engines();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(postgresUrl, `create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () => administer(postgresUrl, `drop database ${name} with (force)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
