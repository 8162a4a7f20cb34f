import { Client, Connection } from "@temporalio/client";
import pg from "pg";
import type { LedgerEntry } from "../ledger.ts";
import { checkAnnouncements } from "./check-announcements.ts";
import { checkDraws } from "./check-draws.ts";
import { checkEnrolments } from "./check-enrolments.ts";
import { checkGifts } from "./check-gifts.ts";
import { checkGold } from "./check-gold.ts";
import { checkHistories } from "./check-histories.ts";
import { checkPayouts } from "./check-payouts.ts";
import { checkServed, unservedOf } from "./check-served.ts";
import { checkWorkflows } from "./check-workflows.ts";
import { type Evidence, type Finding, runOf } from "./evidence.ts";
import { readTables } from "./read-tables.ts";
import { readExecutions, readHistories } from "./read-workflows.ts";

export type { Finding } from "./evidence.ts";

/** Where the evidence is. */
export interface CheckOptions {
  readonly ledger: readonly LedgerEntry[];
  readonly databaseUrl: string;
  readonly temporalAddress: string;
}

/** What a look at a run came to. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** Of viewers who answer: payouts that ended unpaid, gifts that timed out. */
  readonly unserved: { readonly payouts: number; readonly gifts: number };
}

/** Judges evidence that was read already. */
export function judge(evidence: Evidence): Finding[] {
  return [
    checkEnrolments,
    checkPayouts,
    checkGold,
    checkAnnouncements,
    checkDraws,
    checkGifts,
    checkServed,
    checkWorkflows,
    checkHistories,
  ].flatMap((one) => one(evidence));
}

/** Reads all evidence of a run and tells what may not be; histories are read once everything else is well. */
export async function check({ ledger, databaseUrl, temporalAddress }: CheckOptions): Promise<Verdict> {
  const database = new pg.Client({ connectionString: databaseUrl });
  const connection = await Connection.connect({ address: temporalAddress });
  await database.connect();
  try {
    const client = new Client({ connection });
    const { broadcasterId } = runOf({ ledger });
    const tables = await readTables(database, broadcasterId);
    const executions = await readExecutions(client);
    const evidence = { ledger, tables, executions, histories: null };
    const { payouts, gifts } = unservedOf(evidence);
    const unserved = { payouts: payouts.length, gifts: gifts.length };
    const findings = judge(evidence);
    if (findings.length > 0) return { findings, unserved };
    return { findings: judge({ ...evidence, histories: await readHistories(client, executions) }), unserved };
  } finally {
    await Promise.all([database.end(), connection.close()]);
  }
}
