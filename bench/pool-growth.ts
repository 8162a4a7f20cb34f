import { randomBytes, randomInt } from "node:crypto";
import { openDatabase } from "@mgm/activities/db/database";
import { storeDraw } from "@mgm/activities/db/spin/store-draw";
import { PAYOUT_COPPER } from "@mgm/domain/economics";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import { CONTRACT_TIMINGS } from "@mgm/domain/timings";
import { crowdMember } from "@mgm/simulator/twitch/viewers";
import pg from "pg";
import { runLoad } from "./load/run-load.ts";
import { report, tell } from "./measure/report.ts";
import { ROUNDS } from "./measure/rounds.ts";
import { latenciesInParts, latenciesOf, median, rounded } from "./measure/statistics.ts";
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
/** More than will be asked for. */
const MADE_A_SECOND = 1_000;
/** Numbers of names that nobody in a pool has. */
const RENAMED_FROM = 500_000;
const PAST_PAYOUTS = [0, 10_000, 100_000] as const;

let turn = 0;

interface Channel {
  readonly size: number;
  readonly databaseUrl: string;
  readonly deployment: Deployment;
  readonly api: HttpProcess;
}

const databases = await startDatabases();
const channels: Channel[] = [];
for (const size of SIZES) {
  const databaseUrl = await databases.create(`pool_${size}`);
  const deployment = deploymentOn({ databaseUrl });
  await fillPool(databaseUrl, deployment.channelId, size);
  channels.push({ size, databaseUrl, deployment, api: await startApiProcess(deployment) });
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

const drawMs: Record<number, unknown> = {};
const largestPool = channels.at(-1);
if (largestPool === undefined) throw new Error("no pool was filled");
for (const channel of channels.slice(0, -1)) drawMs[channel.size] = latenciesOf(await draws(channel));
const { latencyMs, p95OfFifthsMs, spread } = latenciesInParts(await draws(largestPool));
drawMs[largestPool.size] = latencyMs;
report({
  bench: "pool-growth/draw",
  figure: { latencyMsBySize: drawMs, p95OfFifthsMs },
  baseline: null,
  ratio: null,
  spread,
  goal: `from 100,000 entrants: p95 under ${GOAL_DRAW_MS} ms`,
  isReached: latencyMs.p95 < GOAL_DRAW_MS,
  result: `p95 ${latencyMs.p95} ms (${spread.join(" to ")})`,
});

const byPayouts: Record<number, unknown> = {};
for (const payouts of PAST_PAYOUTS) {
  await payPast(largestPool, payouts);
  byPayouts[payouts] = latenciesOf(await draws(largestPool));
}
report({
  bench: "pool-growth/draw-by-past-payouts",
  figure: { entrants: largestPool.size, latencyMsByPayouts: byPayouts },
  baseline: null,
  ratio: null,
  spread: null,
  goal: null,
  isReached: null,
});

await Promise.all(channels.map(({ api }) => api.stop()));
await databases.stop();

/** The median of enrolments one at a time, in milliseconds. */
async function enrol(channel: Channel): Promise<number> {
  const { channelId, eventSubSecret: secret } = channel.deployment;
  const requests = { kind: "enrolments", secret, channelId, made: SECONDS * MADE_A_SECOND } as const;
  const { latencyMs } = await runLoad({ url: channel.api.url, connections: 1, seconds: SECONDS, requests });
  return latencyMs.p50;
}

/** Draws, each at a boundary of its own and from another list: list read, hashed, index and list stored. */
async function draws({ size, databaseUrl, deployment }: Channel): Promise<number[]> {
  const broadcasterId = deployment.channelId;
  const limits = { maxConnections: 2, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(databaseUrl, limits, () => undefined);
  const latencies: number[] = [];
  for (let number = -3; number < DRAWS; number++) {
    // A list that is there already is not stored again.
    await database.query(
      "update pool_entries set character_name = $3 where broadcaster_id = $1 and twitch_user_id = $2",
      [broadcasterId, crowdMember(randomInt(size)).id, crowdMember(RENAMED_FROM + turn).character],
    );
    // A little shorter each time, so that its present boundary is another one: to draw at the same one again costs nothing.
    const timings = { ...CONTRACT_TIMINGS, intervalMs: CONTRACT_TIMINGS.intervalMs - ++turn };
    const boundary = boundaryAt(Date.now(), timings.intervalMs);
    const workflowId = `bench-${turn}`;
    const startedAt = performance.now();
    const drawn = await storeDraw(database, {
      broadcasterId,
      boundary,
      workflowId,
      timings: { ...timings, graceMs: timings.intervalMs },
      entropy: { bytes: randomBytes(32), source: "bench" },
    });
    if (drawn.kind !== "stored") throw new Error(`the draw is ${drawn.kind}`);
    if (drawn.cycle.workflowId !== workflowId) throw new Error("that boundary has been drawn at before");
    if (number >= 0) latencies.push(performance.now() - startedAt);
    // The candidate of a cycle that is not decided stays out of the next list.
    await database.query("update spin_cycles set outcome = 'unverified', outcome_at = now() where outcome is null");
  }
  await database.end();
  return latencies;
}

/** Viewers of the pool have been paid before, until there are so many payouts. */
async function payPast({ databaseUrl, deployment }: Channel, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `insert into payouts
       (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name, character_name,
        enrollment_request_id, copper, status, version, mail_confirmed_at, created_at, updated_at, expires_at,
        visible_from, timings)
     select gen_random_uuid(), $1, gen_random_uuid(), twitch_user_id, twitch_display_name, character_name,
            enrollment_request_id, $3, 'Sent', 3, now(), now(), now(), now(), now(), '{}'
       from pool_entries where broadcaster_id = $1 order by twitch_user_id
      limit $2 - (select count(*) from payouts where broadcaster_id = $1)`,
    [deployment.channelId, count, PAYOUT_COPPER],
  );
  // As autovacuum would have done by and by.
  await client.query("vacuum analyze payouts");
  await client.end();
}
