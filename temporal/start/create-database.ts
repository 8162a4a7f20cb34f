import { openDatabase, sqlState } from "@mgm/activities/db/database";

const LIMITS = { maxConnections: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
const DUPLICATE_DATABASE = "42P04";

/** Creates our database on a server of our own, unless an earlier start did. */
export async function createDatabase(serverUrl: string, name: string): Promise<void> {
  const server = openDatabase(serverUrl, LIMITS, () => undefined);
  try {
    await server.query(`create database ${name}`);
  } catch (error) {
    if (sqlState(error) !== DUPLICATE_DATABASE) throw error;
  } finally {
    await server.end();
  }
}
