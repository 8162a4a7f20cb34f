import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { enrollByChat } from "@mgm/activities/db/pool/enroll-by-chat";
import pg from "pg";
import { type Latencies, latenciesOf } from "../measure/statistics.ts";

const run = promisify(execFile);

/** What pgbench measured. */
export interface PgbenchResult {
  readonly perSecond: number;
  readonly latencyMs: Latencies;
}

/** How pgbench is run. */
export interface PgbenchRun {
  readonly databaseUrl: string;
  readonly clients: number;
  readonly seconds: number;
  /** The transaction, in pgbench's own language. */
  readonly script: string;
}

/** Runs a transaction as fast as PostgreSQL and so many clients can, prepared. */
export async function pgbench({ databaseUrl, clients, seconds, script }: PgbenchRun): Promise<PgbenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "mgm-pgbench-"));
  const file = join(folder, "transaction.sql");
  await writeFile(file, script);
  const flags = [
    "-n",
    "-M",
    "prepared",
    "-c",
    `${clients}`,
    "-j",
    "2",
    "-T",
    `${seconds}`,
    "-f",
    file,
    "-l",
    "--log-prefix",
    join(folder, "log"),
  ];
  const { stdout } = await run(program(), [...flags, databaseUrl]);
  const latencyMs = latenciesOf(await readLog(folder));
  await rm(folder, { recursive: true });
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(stdout)?.[1] ?? 0);
  if (Number.isNaN(perSecond) || failed > 0) throw new Error(`pgbench says:\n${stdout}`);
  return { perSecond, latencyMs };
}

/** Each transaction's time in milliseconds: the third column of the logs, in microseconds. */
async function readLog(folder: string): Promise<number[]> {
  const logs = (await readdir(folder)).filter((name) => name.startsWith("log"));
  const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), "utf8")));
  const lines = texts.flatMap((text) => text.split("\n").filter((line) => line !== ""));
  return lines.map((line) => Number(line.split(" ")[2]) / 1_000);
}

/** It comes with PostgreSQL's server packages (Debian: postgresql-15), not with the ones from npm. */
function program(): string {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql") : [];
  const found = versions.map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`).find(existsSync);
  return found ?? "pgbench";
}

/** Stands for the number of the viewer in what is recorded; no character of it means anything to SQL or pgbench. */
const MARK = "zqzq";

/**
 * The transaction of an enrolment as pgbench runs it: the very statements that our code sends, recorded from one real
 * enrolment, with another viewer, name and message in each turn.
 */
export async function enrolmentScript(databaseUrl: string, broadcasterId: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const sent: { text: string; values: readonly unknown[] }[] = [];
  const recording = Object.create(pool) as pg.Pool;
  recording.connect = (async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((statement: string | { text: string; values: unknown[] }, ...rest: unknown[]) => {
      sent.push(typeof statement === "string" ? { text: statement, values: [] } : statement);
      return query(statement, ...rest);
    }) as typeof client.query;
    return client;
  }) as typeof pool.connect;
  const now = Date.now();
  const result = await enrollByChat(recording, {
    broadcasterId,
    twitchUserId: `u${MARK}`,
    twitchDisplayName: `U${MARK}`,
    characterName: `Q${MARK}`,
    enrollmentRequestId: `m${MARK}`,
    commandedAt: now,
    receivedAt: now,
  });
  if (result !== "enrolled") throw new Error(`the recorded enrolment is ${result}`);
  await pool.query("delete from pool_entries");
  await pool.query("delete from command_messages");
  await pool.end();
  const statements = sent.map(({ text, values }) => `${inlined(text, values).replace(/\s+/g, " ")};`);
  return ["\\set n random(1, 9000000000000000)", ...statements, ""].join("\n");
}

function inlined(text: string, values: readonly unknown[]): string {
  return text.replace(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]));
}

/** pgbench takes a word after a colon for a variable, within quotes too, so there may be none. */
function literal(value: unknown): string {
  if (value instanceof Date) return `'${value.toISOString().replace(/[-:]|\.\d+/g, "")}'`;
  const quoted = `'${String(value).replaceAll("'", "''").replaceAll(":", "' || chr(58) || '")}'`;
  // Digits are no letters, and a name has none but letters.
  const number = "translate(:n::text, '0123456789', 'abcdefghij')";
  const text = quoted.replace(MARK, `' || ${number} || '`);
  return text === quoted && !quoted.includes("||") ? quoted : `(${text})`;
}
