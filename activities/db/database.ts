import pg from "pg";

/** What statements run on: the pool, or one client inside a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

/** A connection pool to the product's database. */
export type Database = pg.Pool;

/** Limits of a pool, in milliseconds; every call to the database ends by one of them. */
export interface DatabaseLimits {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** Opens a pool; nothing is connected until the first statement. */
export function openDatabase(url: string, limits: DatabaseLimits, onIdleError: (error: Error) => void): Database {
  const database = new pg.Pool({
    connectionString: url,
    max: limits.maxConnections,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    // The server's own timeout cannot fire when the server hangs or the network is gone.
    query_timeout: limits.statementTimeoutMs + 500,
    idle_in_transaction_session_timeout: limits.statementTimeoutMs * 2,
    keepAlive: true,
  });
  // A pool without a listener would end the process when an idle connection breaks.
  database.on("error", onIdleError);
  return database;
}

const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const MAX_TRIES = 10;

/** The SQLSTATE of an error that PostgreSQL answered with; null for every other error. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Whether an error is the violation of the unique index or key `constraint`. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505" && error.constraint === constraint;
}

/** Runs `work` in one transaction; deadlocks and serialisation failures are tried again in place. */
export async function transact<Result>(
  database: Database,
  work: (client: Queryable) => Promise<Result>,
  isolation: "read committed" | "repeatable read" = "read committed",
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const client = await database.connect();
    let broken: Error | undefined;
    // A client that is checked out has nobody else to hear of its end; unheard, it would end the process.
    const onBreak = (error: Error): void => {
      broken = error;
    };
    client.on("error", onBreak);
    try {
      await client.query(`begin isolation level ${isolation}`);
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      // A rollback that fails leaves the connection in an unknown state: it must not go back into the pool.
      await client.query("rollback").catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      const state = sqlState(error);
      if (attempt >= MAX_TRIES || (state !== SERIALIZATION_FAILURE && state !== DEADLOCK_DETECTED)) throw error;
    } finally {
      client.off("error", onBreak);
      client.release(broken);
    }
  }
}

/** The first row of a result; null when there is none. */
export function firstRow<Row>(result: { rows: Row[] }): Row | null {
  return result.rows[0] ?? null;
}

/** Unix milliseconds of a column that may be empty. */
export function timeOf(column: Date): number;
export function timeOf(column: Date | null): number | null;
export function timeOf(column: Date | null): number | null {
  return column === null ? null : column.getTime();
}
