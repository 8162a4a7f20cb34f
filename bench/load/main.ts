import { text } from "node:stream/consumers";
import { Client, type Dispatcher, Pool } from "undici";
import { latenciesOf } from "../measure/statistics.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";
import { type Request, requestSource } from "./requests.ts";

/*
 * Load, in a process of its own: what it costs is not taken from the one that is measured, and its clock is the
 * caller's. Reads a plan from standard input, prints what it saw.
 */

const plan = JSON.parse(await text(process.stdin)) as LoadPlan;
const next = await requestSource(plan.requests);
const latencies: number[] = [];
const statuses: Record<string, number> = {};
const BUSY = 503;
const REDELIVER_AFTER_MS = 100;
let redelivered = 0;
let left = plan.count ?? Number.POSITIVE_INFINITY;
const usedBefore = process.cpuUsage();
const startedAt = performance.now();
const until = plan.seconds === undefined ? Number.POSITIVE_INFINITY : startedAt + plan.seconds * 1_000;
if (plan.perSecond !== undefined) await openLoop(plan.perSecond);
else await Promise.all(Array.from({ length: plan.connections }, (_, number) => oneConnection(number)));
const seconds = (performance.now() - startedAt) / 1_000;
const { user, system } = process.cpuUsage(usedBefore);
const result: LoadResult = {
  requests: latencies.length,
  seconds,
  perSecond: latencies.length / seconds,
  latencyMs: latenciesOf(latencies),
  corePercent: Math.round((user + system) / 1e4 / seconds),
  redelivered,
  statuses,
};
process.stdout.write(JSON.stringify(result));

async function oneConnection(number: number): Promise<void> {
  const client = new Client(plan.url, { pipelining: 1 });
  while (left > 0 && performance.now() < until) {
    left -= 1;
    const request = next(number);
    const sentAt = performance.now();
    let status = await send(client, request);
    while (status === BUSY && plan.redeliver === true) {
      redelivered += 1;
      await new Promise((resolve) => setTimeout(resolve, REDELIVER_AFTER_MS));
      status = await send(client, request);
    }
    note(status, sentAt);
  }
  await client.close();
}

/** A request's time counts from when it was due, so that one that had to wait for a connection tells of it. */
async function openLoop(perSecond: number): Promise<void> {
  const pool = new Pool(plan.url, { connections: plan.connections, pipelining: 1 });
  const under: Promise<void>[] = [];
  for (
    let number = 0, dueAt = startedAt;
    left > 0 && dueAt < until;
    dueAt = startedAt + (1_000 * ++number) / perSecond
  ) {
    left -= 1;
    const due = dueAt;
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    under.push(send(pool, next(number)).then((status) => note(status, due)));
  }
  await Promise.all(under);
  await pool.close();
}

function note(status: number, sinceMs: number): void {
  latencies.push(performance.now() - sinceMs);
  statuses[status] = (statuses[status] ?? 0) + 1;
}

/** The answer's status, once its body has arrived; -1 when none came. */
function send(client: Dispatcher, { method, path, headers, body }: Request): Promise<number> {
  return new Promise((done) => {
    let status = -1;
    client.dispatch(
      { method, path, headers, ...(body === undefined ? {} : { body }) },
      {
        onConnect: () => undefined,
        onHeaders(statusCode) {
          status = statusCode;
          return true;
        },
        onData: () => true,
        onComplete: () => done(status),
        onError: () => done(-1),
      },
    );
  });
}
