import { randomBytes } from "node:crypto";
import { openDatabase } from "@mgm/activities/db/database";
import { storeDraw } from "@mgm/activities/db/spin/store-draw";
import { boundaryAt } from "@mgm/domain/spin-cycle";
import { type BenchDatabases, type Deployment, deploymentOn } from "./deployment.ts";
import { ENDLESS_TIMINGS } from "./endless-timings.ts";
import { fillPool } from "./fill-pool.ts";

const POOL = 10_000;

/** A channel as it is on a busy evening: a full pool and a cycle that was drawn from it, whose wheel everybody sees. */
export async function startBusyChannel(databases: BenchDatabases, name: string): Promise<Deployment> {
  const databaseUrl = await databases.create(name);
  const deployment = deploymentOn({ databaseUrl }, { TIMINGS: JSON.stringify(ENDLESS_TIMINGS) });
  const broadcasterId = deployment.channelId;
  await fillPool(databaseUrl, broadcasterId, POOL);
  const limits = { maxConnections: 1, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  const database = openDatabase(databaseUrl, limits, () => undefined);
  const drawn = await storeDraw(database, {
    broadcasterId,
    boundary: boundaryAt(Date.now(), ENDLESS_TIMINGS.intervalMs),
    workflowId: "bench",
    timings: ENDLESS_TIMINGS,
    entropy: { bytes: randomBytes(32), source: "bench" },
  });
  await database.end();
  if (drawn.kind !== "stored") throw new Error(`the draw is ${drawn.kind}`);
  return deployment;
}
