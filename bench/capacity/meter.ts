import { readdirSync, readFileSync } from "node:fs";
import type { Database } from "@mgm/activities/db/database";
import type { Client } from "@temporalio/client";

/* What a stretch of work costs every part of the product, from counters that the parts keep anyway. */

/** Processes whose time is counted; each stands for itself and all its children. */
export interface MeteredProcesses {
  readonly api: number;
  readonly worker: number;
  readonly postgres: number;
  readonly temporal: number;
}

/** What is read at one moment; all of it only grows, but for the sizes. */
export interface Reading {
  readonly cpuMs: Readonly<Record<keyof MeteredProcesses, number>>;
  readonly transactions: number;
  readonly walBytes: number;
  readonly databaseBytes: number;
  readonly rows: number;
  readonly persistenceRequests: number;
}

/** The linux kernel's unit of process time, `getconf CLK_TCK`, on every machine that we run on. */
const MS_PER_TICK = 10;

/** Reads all counters. */
export async function read(
  database: Database,
  processes: MeteredProcesses,
  temporalMetricsUrl: string,
): Promise<Reading> {
  // What a backend has done is counted when it is idle, a second later at most.
  await database.query("select pg_stat_force_next_flush()");
  const { rows } = await database.query<Record<string, string>>(
    `select pg_database_size(current_database()) as size,
            pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as wal,
            (select xact_commit from pg_stat_database where datname = current_database()) as transactions,
            (select sum(n_tup_ins - n_tup_del) from pg_stat_user_tables) as rows`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("PostgreSQL says nothing of itself");
  const parents = parentsOfAll();
  const cpuOf = (pid: number): number => cpuMs(pid, parents);
  const { api, worker, postgres, temporal } = processes;
  return {
    cpuMs: { api: cpuOf(api), worker: cpuOf(worker), postgres: cpuOf(postgres), temporal: cpuOf(temporal) },
    transactions: Number(row.transactions),
    walBytes: Number(row.wal),
    databaseBytes: Number(row.size),
    rows: Number(row.rows),
    persistenceRequests: await countPersistence(temporalMetricsUrl),
  };
}

/**
 * The cost of one of `times` pieces of work between two readings. What the product does by itself meanwhile is in it: the
 * bench tells what a second of that costs, and how many seconds each piece took.
 */
export function costOfEach(before: Reading, after: Reading, times: number) {
  const each = (count: (reading: Reading) => number, digits = 2) =>
    Number(((count(after) - count(before)) / times).toFixed(digits));
  return {
    cpuMs: {
      api: each((reading) => reading.cpuMs.api),
      worker: each((reading) => reading.cpuMs.worker),
      postgres: each((reading) => reading.cpuMs.postgres),
      temporal: each((reading) => reading.cpuMs.temporal),
    },
    transactions: each((reading) => reading.transactions),
    walBytes: each((reading) => reading.walBytes, 0),
    databaseBytes: each((reading) => reading.databaseBytes, 0),
    rows: each((reading) => reading.rows),
    persistenceRequests: each((reading) => reading.persistenceRequests, 1),
  };
}

/** Events and bytes of the histories of all workflows whose ids begin so; the mean of each type. */
export async function historiesOf(client: Client, workflowIds: readonly string[]) {
  let events = 0;
  let bytes = 0;
  for (const workflowId of workflowIds) {
    const { historyLength, historySize = 0 } = await client.workflow.getHandle(workflowId).describe();
    events += historyLength;
    bytes += historySize;
  }
  const mean = (sum: number) => Number((sum / Math.max(1, workflowIds.length)).toFixed(1));
  return { workflows: workflowIds.length, events: mean(events), bytes: mean(bytes) };
}

async function countPersistence(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const counts = [...text.matchAll(/^persistence_requests(?:_total)?\{[^}]*\} (\S+)$/gm)].map(([, count]) =>
    Number(count),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (fields !== null) parents.set(Number(name), Number(fields[1]));
  }
  return parents;
}

/** Of a process and all below it, those that have ended and were waited for included. */
function cpuMs(pid: number, parents: ReadonlyMap<number, number>): number {
  const family = [...parents.keys()].filter((one) => {
    for (let at: number | undefined = one; at !== undefined && at > 1; at = parents.get(at))
      if (at === pid) return true;
    return false;
  });
  const ticks = family.map(
    (one) =>
      statOf(one)
        ?.slice(11, 15)
        .reduce((sum, field) => sum + Number(field), 0) ?? 0,
  );
  return ticks.reduce((sum, count) => sum + count, 0) * MS_PER_TICK;
}

/** The fields of /proc/<pid>/stat from the state on: the name before them may hold anything. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It ended between the listing and the look.
    return null;
  }
}
