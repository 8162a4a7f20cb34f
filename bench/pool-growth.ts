import { randomBytes } from "node:crypto";
import { openDatabase } from "@mgm/activities/db/database";
import { storeDraw } from "@mgm/activities/db/spin/store-draw";
import { CONTRACT_TIMINGS } from "@mgm/domain/timings";
import { runLoad } from "./load/run-load.ts";
import { report, tell } from "./measure/report.ts";
import { ROUNDS } from "./measure/rounds.ts";
import { latenciesOf, median, rounded } from "./measure/statistics.ts";
import {
  type Deployment,
  deploymentOn,
  type HttpProcess,
  startApiProcess,
  startDatabases,
} from "./system/deployment.ts";
import { fillPool } from "./system/fill-pool.ts";

/*
 * `npm run bench:pool-growth`: what an enrolment and a draw cost with 100 to 100,000 viewers in the pool. Enrolments come
 * one at a time, so that each one's own time is seen; the sizes take turns.
 */

const SIZES = [100, 1_000, 10_000, 100_000] as const;
const SECONDS = 3;
const DRAWS = 30;
const GOAL_ENROLMENT = 1.5;
const GOAL_DRAW_MS = 400;
/** Numbers that nobody in a filled pool has. */
const NEWCOMERS_FROM = 1_000_000;

interface Channel {
  readonly size: number;
  readonly databaseUrl: string;
  readonly deployment: Deployment;
  readonly api: HttpProcess;
  next: number;
}

const databases = await startDatabases();
const channels: Channel[] = [];
for (const size of SIZES) {
  const databaseUrl = await databases.create(`pool_${size}`);
  const deployment = deploymentOn({ databaseUrl });
  await fillPool(databaseUrl, deployment.channelId, size);
  channels.push({ size, databaseUrl, deployment, api: await startApiProcess(deployment), next: NEWCOMERS_FROM });
}

const enrolmentMs = new Map<number, number[]>(SIZES.map((size) => [size, []]));
for (let round = -1; round < ROUNDS; round++) {
  for (const channel of channels) {
    const medianMs = await enrol(channel);
    // The first round warms up.
    if (round >= 0) enrolmentMs.get(channel.size)?.push(medianMs);
  }
  tell(`round ${round + 1}: ${channels.map(({ size }) => enrolmentMs.get(size)?.at(-1)).join(", ")} ms`);
}
const [smallest = [], ...others] = channels.map(({ size }) => enrolmentMs.get(size) ?? []);
const largest = others.at(-1) ?? [];
const ratios = largest.map((ms, round) => ms / (smallest[round] ?? Number.NaN));
report({
  bench: "pool-growth/enrolment",
  figure: { medianMsBySize: Object.fromEntries(SIZES.map((size) => [size, median(enrolmentMs.get(size) ?? [])])) },
  baseline: { size: SIZES[0] },
  ratio: rounded(median(ratios)),
  spread: [rounded(Math.min(...ratios)), rounded(Math.max(...ratios))],
  goal: `with 100,000 in the pool within ${GOAL_ENROLMENT} times what it is with 100`,
  isReached: median(ratios) <= GOAL_ENROLMENT,
});

const drawMs: Record<number, ReturnType<typeof latenciesOf>> = {};
for (const channel of channels) drawMs[channel.size] = await draws(channel);
report({
  bench: "pool-growth/draw",
  figure: { latencyMsBySize: drawMs },
  baseline: null,
  ratio: null,
  spread: null,
  goal: `from 100,000 entrants: p95 under ${GOAL_DRAW_MS} ms`,
  isReached: (drawMs[100_000]?.p95 ?? Number.NaN) < GOAL_DRAW_MS,
  result: `p95 ${drawMs[100_000]?.p95} ms`,
});

await Promise.all(channels.map(({ api }) => api.stop()));
await databases.stop();

/** The median of enrolments one at a time, in milliseconds. */
async function enrol(channel: Channel): Promise<number> {
  const { channelId, eventSubSecret: secret } = channel.deployment;
  const requests = { kind: "enrolments", secret, channelId, from: channel.next } as const;
  const { latencyMs, requests: sent } = await runLoad({
    url: channel.api.url,
    connections: 1,
    seconds: SECONDS,
    requests,
  });
  channel.next += sent;
  return latencyMs.p50;
}

/** Draws, each at a boundary of its own: list read, hashed, index and list stored. */
async function draws({ databaseUrl, deployment }: Channel) {
  const limits = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(databaseUrl, limits, () => undefined);
  const latencies: number[] = [];
  for (let number = -3; number < DRAWS; number++) {
    // A little shorter each time, so that its present boundary is another one.
    const timings = { ...CONTRACT_TIMINGS, intervalMs: CONTRACT_TIMINGS.intervalMs - number * 1_000 };
    const boundary = Math.floor(Date.now() / timings.intervalMs) * timings.intervalMs;
    const startedAt = performance.now();
    const drawn = await storeDraw(database, {
      broadcasterId: deployment.channelId,
      boundary,
      workflowId: `bench-${number}`,
      timings: { ...timings, graceMs: timings.intervalMs },
      entropy: { bytes: randomBytes(32), source: "bench" },
    });
    if (drawn.kind !== "stored") throw new Error(`the draw is ${drawn.kind}`);
    if (number >= 0) latencies.push(performance.now() - startedAt);
    // The candidate of a cycle that is not decided stays out of the next list.
    await database.query("update spin_cycles set outcome = 'unverified', outcome_at = now() where outcome is null");
  }
  await database.end();
  return latenciesOf(latencies);
}
