import type { GiftSnapshot, PayoutSnapshot } from "@mgm/activities/contract";
import type { Database } from "@mgm/activities/db/database";
import { restoreGift } from "@mgm/activities/db/restore/restore-gift";
import { restoreAttention, restorePayout } from "@mgm/activities/db/restore/restore-payout";
import { findSpinCycle } from "@mgm/activities/db/spin/cycle-row";
import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { giftWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { type Client, WorkflowNotFoundError } from "@temporalio/client";
import { type RecordedRun, recordedRuns } from "./histories.ts";

/*
 * After PostgreSQL or Temporal was restored from a backup, one of them is older than the other. What was paid must not be
 * paid again, so this runs before anything else does:
 *
 *   spins                        paused, until somebody has looked
 *   payout, gift: row missing    written again from its workflow's history
 *                 row older      brought to where its workflow had brought it
 *                 row newer      its workflow is told to look
 *   attention forgotten          put before the operators again
 *   cycle running without a row  ended: its draw is lost, and with it whom it was about
 *
 * The reconcile job does the rest when the worker runs: rows without a workflow get one.
 */

/** What was found and done. Names of workflows, for the operators. */
export interface RestoreReport {
  readonly payoutsAdded: string[];
  readonly payoutsAdvanced: string[];
  readonly giftsAdded: string[];
  readonly giftsAdvanced: string[];
  readonly attentionsReopened: string[];
  readonly cyclesEnded: string[];
  readonly workflowsTold: string[];
  /** Somebody must look at these: their rows could not be brought back. */
  readonly unsettled: string[];
}

interface Dependencies {
  readonly database: Database;
  readonly client: Client;
}

/** Brings the rows of a channel to what Temporal knows; see the map above. May run again. */
export async function afterRestore(deps: Dependencies, broadcasterId: string): Promise<RestoreReport> {
  const report: RestoreReport = {
    payoutsAdded: [],
    payoutsAdvanced: [],
    giftsAdded: [],
    giftsAdvanced: [],
    attentionsReopened: [],
    cyclesEnded: [],
    workflowsTold: [],
    unsettled: [],
  };
  await setPaused(deps.database, broadcasterId, true);
  const ofChannel = (type: string) =>
    recordedRuns(deps.client, `WorkflowType = '${type}' and MgmBroadcaster = '${broadcasterId}'`);
  for await (const run of ofChannel("payout")) await settlePayout(deps, run, report);
  for await (const run of ofChannel("payoutAttention")) await settleAttention(deps, run, report);
  const gifts = new Map<string, RememberedGift>();
  for await (const run of ofChannel("gift")) rememberGift(gifts, run);
  // What happened to a gift after its end stands in the history of the one that waits for its mail.
  for await (const run of ofChannel("giftDelivery")) rememberGift(gifts, run);
  for (const gift of gifts.values()) await settleGift(deps, gift, report);
  // By no attribute: a cycle that has just drawn does not have them yet.
  for await (const run of recordedRuns(deps.client, "WorkflowType = 'spinCycle' and ExecutionStatus = 'Running'")) {
    if ((run.input as { broadcasterId: string }).broadcasterId === broadcasterId) await settleCycle(deps, run, report);
  }
  return report;
}

async function settlePayout({ database, client }: Dependencies, run: RecordedRun, report: RestoreReport) {
  const { workflowId, status } = run.info;
  const snapshot = newest<PayoutSnapshot>(run, (result) => (result as { payout?: PayoutSnapshot }).payout);
  if (snapshot === null) return;
  const restored = await restorePayout(database, { snapshot, at: endOf(run) });
  if (restored === "added") report.payoutsAdded.push(workflowId);
  if (restored === "advanced") report.payoutsAdvanced.push(workflowId);
  if (restored === "unknown" || restored === "barred") report.unsettled.push(workflowId);
  if (restored === "ahead" && status.name === "RUNNING") await tell(client, workflowId, report);
}

async function settleAttention({ database, client }: Dependencies, run: RecordedRun, report: RestoreReport) {
  if (run.info.status.name !== "RUNNING") return;
  const { broadcasterId, payoutId } = run.input as { broadcasterId: string; payoutId: string };
  // A payout that ended by itself waits because its mail left all the same; one that was terminated, because it was.
  const payout = await client.workflow.getHandle(payoutWorkflowId(payoutId)).describe();
  const mailWasConfirmed = payout.status.name === "COMPLETED";
  const wait = { broadcasterId, payoutId, mailWasConfirmed, at: run.info.startTime.getTime() };
  if (await restoreAttention(database, wait)) report.attentionsReopened.push(run.info.workflowId);
}

interface RememberedGift {
  snapshot: GiftSnapshot;
  readonly createdAt: number;
  readonly isRunning: boolean;
  at: number;
}

function rememberGift(gifts: Map<string, RememberedGift>, run: RecordedRun): void {
  const snapshot = newest<GiftSnapshot>(run, (result) => (result as { gift?: GiftSnapshot }).gift);
  if (snapshot === null) return;
  const known = gifts.get(snapshot.giftRequestId);
  if (known === undefined) {
    const isRunning = run.info.status.name === "RUNNING";
    gifts.set(snapshot.giftRequestId, { snapshot, createdAt: run.info.startTime.getTime(), isRunning, at: endOf(run) });
  } else if (snapshot.version > known.snapshot.version) {
    known.snapshot = snapshot;
    known.at = endOf(run);
  }
}

async function settleGift({ database, client }: Dependencies, gift: RememberedGift, report: RestoreReport) {
  const workflowId = giftWorkflowId(gift.snapshot.giftRequestId);
  const restored = await restoreGift(database, gift);
  if (restored === "added") report.giftsAdded.push(workflowId);
  if (restored === "advanced") report.giftsAdvanced.push(workflowId);
  if (restored === "barred") report.unsettled.push(workflowId);
  if (restored === "ahead" && gift.isRunning) await tell(client, workflowId, report);
}

async function settleCycle({ database, client }: Dependencies, run: RecordedRun, report: RestoreReport) {
  const draws = run.results.map((result) => (result as { cycle?: { spinCycleId: string } } | undefined)?.cycle);
  const drawn = draws.find((cycle) => cycle !== undefined)?.spinCycleId;
  if (drawn === undefined) return;
  const { broadcasterId } = run.input as { broadcasterId: string };
  if ((await findSpinCycle(database, broadcasterId, drawn)) !== null) return;
  const handle = client.workflow.getHandle(run.info.workflowId, run.info.runId);
  if (await unlessEnded(() => handle.terminate("its draw was lost with a restored database"))) {
    report.cyclesEnded.push(run.info.workflowId);
  }
}

async function tell(client: Client, workflowId: string, report: RestoreReport): Promise<void> {
  const told = await unlessEnded(() => client.workflow.getHandle(workflowId).signal("lookSignal"));
  if (told) report.workflowsTold.push(workflowId);
}

/** Lists are a moment behind: what they call running may have ended. */
async function unlessEnded(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** The newest version of a row that stands in a history: what it began with, or what an activity answered. */
function newest<Snapshot extends { version: number }>(
  run: RecordedRun,
  inResult: (result: object) => Snapshot | undefined,
): Snapshot | null {
  const all = [run.input, ...run.results.map((result) => (isObject(result) ? (inResult(result) ?? result) : null))];
  const snapshots = all.filter(
    (one): one is Snapshot => isObject(one) && typeof (one as Snapshot).version === "number",
  );
  return snapshots.reduce<Snapshot | null>(
    (best, one) => (best === null || one.version >= best.version ? one : best),
    null,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function endOf({ info }: RecordedRun): number {
  return info.closeTime?.getTime() ?? Date.now();
}
