import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { BareUpdatePlan, BareUpdateResult } from "./baseline/bare-update/load-main.ts";
import type { LoadResult } from "./load/plan.ts";
import { runLoad, runScript } from "./load/run-load.ts";
import { ratesOf, report } from "./measure/report.ts";
import { compare } from "./measure/rounds.ts";
import { startScript } from "./system/child.ts";
import { startWhole } from "./system/whole.ts";

/*
 * `npm run bench:payout-updates`: Sync and unlock over HTTP, 16 payouts side by side, each change decided by its workflow
 * and written into the read model before it is answered; beside a workflow that has nothing but an update, on the same
 * server, called without any HTTP.
 */

const PAYOUTS = 16;
const SECONDS = 8;
const GOAL = 0.45;
const BARE_LOAD = fileURLToPath(new URL("baseline/bare-update/load-main.ts", import.meta.url));

const whole = await startWhole();
const bareQueue = `bare-${randomUUID()}`;
const bareWorker = startScript("bench/baseline/bare-update/worker-main.ts", {
  TEMPORAL_ADDRESS: whole.temporalAddress,
  TEMPORAL_TASK_QUEUE: bareQueue,
});

/* Each round has workflows of its own, for both: one of them takes 2,000 updates and no more. */

async function updatePayouts(): Promise<LoadResult> {
  const payoutIds: string[] = [];
  while (payoutIds.length < PAYOUTS) payoutIds.push(await whole.win(await whole.draw()));
  const requests = { kind: "updates", desktopKey: whole.deployment.desktopKey, payoutIds } as const;
  return await runLoad({ url: whole.api.url, connections: PAYOUTS, seconds: SECONDS, requests });
}

async function updateBare(): Promise<BareUpdateResult> {
  const workflowIds = Array.from({ length: PAYOUTS }, () => `bare-${randomUUID()}`);
  for (const workflowId of workflowIds) {
    await whole.client.workflow.start("bareUpdate", { workflowId, taskQueue: bareQueue });
  }
  const plan: BareUpdatePlan = { address: whole.temporalAddress, workflowIds, seconds: SECONDS };
  return await runScript<BareUpdateResult>(BARE_LOAD, plan);
}

const { ours, baseline, ratio, spread } = await compare<LoadResult, BareUpdateResult>({
  ours: updatePayouts,
  baseline: updateBare,
  figureOf: (measured) => measured.perSecond,
});
report({
  bench: "payout-updates",
  figure: {
    payouts: PAYOUTS,
    ...ratesOf(ours),
  },
  baseline: ratesOf(baseline),
  ratio,
  spread,
  goal: `at least ${100 * GOAL} % of a bare update workflow`,
  isReached: ratio >= GOAL,
});
await bareWorker.stop();
await whole.stop();
