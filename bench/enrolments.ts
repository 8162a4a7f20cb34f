import pg from "pg";
import { enrolmentScript, pgbench } from "./baseline/pgbench.ts";
import { runLoad } from "./load/run-load.ts";
import { ratesOf, report } from "./measure/report.ts";
import { compare } from "./measure/rounds.ts";
import { median } from "./measure/statistics.ts";
import { deploymentOn, startApiProcess, startDatabases } from "./system/deployment.ts";

/*
 * `npm run bench:enrolments`: signed `!twgold` lines of subscribers, committed before they are answered, beside pgbench
 * running the same transaction on the same server; then 40,000 of them at once, of which none may be lost. Needs pgbench.
 */

const SECONDS = 5;
const CLIENTS = 32;
/** More than will be asked for. */
const MADE_A_SECOND = 4_000;
const GOAL = 0.5;
const GOAL_P99_MS = 250;
const BURST = 40_000;
const BURST_CONNECTIONS = 256;

const databases = await startDatabases();
const databaseUrl = await databases.create("enrolments");
const pgbenchUrl = await databases.create("enrolments_by_pgbench");
const deployment = deploymentOn({ databaseUrl });
const api = await startApiProcess(deployment);
const { channelId, eventSubSecret: secret } = deployment;
const script = await enrolmentScript(pgbenchUrl, channelId);

let joined = 0;
async function enrol(end: { seconds: number } | { count: number; redeliver: true }, connections: number, made: number) {
  const requests = { kind: "enrolments", secret, channelId, made } as const;
  const result = await runLoad({ url: api.url, connections, ...end, requests });
  joined += result.requests;
  return result;
}

const { ours, baseline, ratio, spread } = await compare({
  ours: () => enrol({ seconds: SECONDS }, CLIENTS, SECONDS * MADE_A_SECOND),
  baseline: () => pgbench({ databaseUrl: pgbenchUrl, clients: CLIENTS, seconds: SECONDS, script }),
  figureOf: (measured) => measured.perSecond,
});
const p99 = median(ours.map((one) => one.latencyMs.p99));
report({
  bench: "enrolments",
  figure: { p99Ms: p99, ...ratesOf(ours) },
  baseline: ratesOf(baseline),
  ratio,
  spread,
  goal: `at least ${100 * GOAL} % of pgbench, p99 under ${GOAL_P99_MS} ms`,
  isReached: ratio >= GOAL && p99 < GOAL_P99_MS,
  result: `${ratio} (${spread.join(" to ")}), p99 ${p99} ms`,
});

const burst = await enrol({ count: BURST, redeliver: true }, BURST_CONNECTIONS, BURST);
const lost = joined - (await enrolled());
report({
  bench: "enrolments/burst",
  figure: {
    joins: BURST,
    perSecond: Math.round(burst.perSecond),
    latencyMs: burst.latencyMs,
    redelivered: burst.redelivered,
    loadCorePercent: burst.corePercent,
    lost,
  },
  baseline: null,
  ratio: null,
  spread: null,
  goal: `${BURST} joins in a burst, none lost`,
  isReached: lost === 0 && burst.requests === BURST,
  result: `${burst.requests} joins, ${lost} lost`,
});
await api.stop();
await databases.stop();

/** Viewers who are in the pool; each of the load's came with another name. */
async function enrolled(): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from pool_entries where broadcaster_id = $1",
    [channelId],
  );
  await client.end();
  return rows[0]?.count ?? 0;
}
