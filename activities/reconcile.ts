import { payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { PAYOUT_ATTENTION_WORKFLOW, PAYOUT_WORKFLOW } from "@mgm/workflows/payout/messages";
import { payoutAttentionStart, payoutStart } from "@mgm/workflows/payout/start";
import { Context } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import type { ReconcileActivities, ReconcileReport } from "./contract.ts";
import type { Database } from "./db/database.ts";
import type { Payout } from "./db/payout/payout-row.ts";
import { failVanishedPayout } from "./db/reconcile/fail-vanished.ts";
import { pruneOld } from "./db/reconcile/prune.ts";
import {
  activePayoutsBefore,
  endingPayouts,
  notePayoutWorkflowEnd,
  openCycles,
  unsettledPayouts,
} from "./db/reconcile/suspects.ts";
import type { SpinCycle } from "./db/spin/cycle-row.ts";
import { decideCycle } from "./db/spin/decide-cycle.ts";
import { reconcileGifts } from "./reconcile-gifts.ts";
import { payoutSnapshot } from "./snapshots.ts";
import { whileWanted } from "./while-wanted.ts";
import { lookIfRunning, presenceOf, startOnce } from "./workflow-presence.ts";

/*
 * Brings rows and workflows together again, whatever came between them:
 *
 *   active payout, no workflow ever        start it
 *   active payout, workflow closed         Failed, needs attention
 *   active payout, mail confirmed          tell its workflow once more
 *   ended payout, workflow still runs      tell it
 *   open cycle, workflow gone              decide by the recorded report; unverified when its time is over
 *   attention open, no workflow            start it
 *   gift requests                          see reconcile-gifts
 *
 * Every step may be repeated.
 */

/** What is younger may still be on its way to its workflow. */
const SETTLE_AFTER_MS = 15_000;
const BEAT_EVERY_MS = 5_000;

interface Dependencies {
  readonly database: Database;
  readonly client: Client;
  readonly taskQueue: string;
}

/** The reconcile job's activities. */
export function createReconcileActivities(deps: Dependencies): ReconcileActivities {
  return {
    async reconcile({ broadcasterId, settleAfterMs = SETTLE_AFTER_MS }) {
      const report: Record<keyof ReconcileReport, number> = {
        payoutsStarted: 0,
        payoutsFailed: 0,
        payoutsTold: 0,
        confirmationsRepeated: 0,
        cyclesDecided: 0,
        attentionsStarted: 0,
        giftsStarted: 0,
        giftsEnded: 0,
        giftsTold: 0,
        giftQueuesWoken: 0,
        giftDeliveriesStarted: 0,
        rowsPruned: 0,
      };
      const youngest = Date.now() - settleAfterMs;
      // An attempt that the server has given up must not go on beside the next one.
      const context = Context.current();
      const wanted = <Item>(items: AsyncIterable<Item>) => whileWanted(items, context.cancellationSignal);
      const beat = setInterval(() => context.heartbeat(), BEAT_EVERY_MS);
      try {
        for await (const cycle of wanted(openCycles(deps.database, broadcasterId, youngest))) {
          report.cyclesDecided += await settleCycle(deps, cycle);
        }
        for await (const payout of wanted(activePayoutsBefore(deps.database, broadcasterId, youngest))) {
          const done = await settlePayout(deps, payout);
          if (done !== null) report[done] += 1;
        }
        for await (const payout of wanted(endingPayouts(deps.database, broadcasterId, youngest))) {
          report.payoutsTold += await tellOfItsEnd(deps, payout);
        }
        for await (const payout of wanted(unsettledPayouts(deps.database, broadcasterId))) {
          report.attentionsStarted += await startAttention(deps, payout);
        }
        await reconcileGifts({ ...deps, wanted }, { broadcasterId, youngest }, report);
        report.rowsPruned = await pruneOld(deps.database, broadcasterId);
      } finally {
        clearInterval(beat);
      }
      return report;
    },
  };
}

async function settlePayout(deps: Dependencies, payout: Payout): Promise<keyof ReconcileReport | null> {
  const workflowId = payoutWorkflowId(payout.payoutId);
  switch (await presenceOf(deps.client, workflowId)) {
    case "never":
      return (await startPayout(deps, payout)) ? "payoutsStarted" : null;
    case "closed": {
      const failed = await failVanishedPayout(deps.database, { ...payout, at: Date.now() });
      return failed === null ? null : "payoutsFailed";
    }
    case "running":
      if (payout.mailConfirmedAt === null) return null;
      await deps.client.workflow.getHandle(workflowId).signal("confirmMailSignal", {
        cause: payout.mailConfirmedBy ?? "log",
        desktopId: payout.mailConfirmedDesktop,
      });
      return "confirmationsRepeated";
  }
}

/** A worker that died after it wrote an end may have left its workflow waiting; one that tells the chat may hear it too. */
async function tellOfItsEnd(deps: Dependencies, { payoutId }: Payout): Promise<number> {
  if (await lookIfRunning(deps.client, payoutWorkflowId(payoutId))) return 1;
  await notePayoutWorkflowEnd(deps.database, payoutId);
  return 0;
}

async function settleCycle(deps: Dependencies, cycle: SpinCycle): Promise<number> {
  if ((await presenceOf(deps.client, cycle.workflowId)) === "running") return 0;
  const now = Date.now();
  const final = now > cycle.verifyUntil + cycle.timings.slackMs;
  const decided = await decideCycle(deps.database, { ...cycle, final, at: now });
  return decided.outcome === null ? 0 : 1;
}

async function startPayout(deps: Dependencies, payout: Payout): Promise<boolean> {
  return await startOnce(() =>
    deps.client.workflow.start(PAYOUT_WORKFLOW, {
      ...payoutStart(payoutSnapshot(payout)),
      workflowId: payoutWorkflowId(payout.payoutId),
      taskQueue: deps.taskQueue,
    }),
  );
}

async function startAttention(deps: Dependencies, payout: Payout): Promise<number> {
  const workflowId = payoutAttentionWorkflowId(payout.payoutId);
  if ((await presenceOf(deps.client, workflowId)) === "running") return 0;
  const { broadcasterId, payoutId, characterName, twitchUserId } = payout;
  const started = await startOnce(() =>
    deps.client.workflow.start(PAYOUT_ATTENTION_WORKFLOW, {
      ...payoutAttentionStart({ broadcasterId, payoutId, characterName, twitchUserId }),
      workflowId,
      taskQueue: deps.taskQueue,
    }),
  );
  return started ? 1 : 0;
}
