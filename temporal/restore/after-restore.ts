import type { CycleSnapshot, GiftSnapshot, PayoutSnapshot } from "@mgm/activities/contract";
import type { Database } from "@mgm/activities/db/database";
import { failVanishedPayout } from "@mgm/activities/db/reconcile/fail-vanished";
import { openCycles } from "@mgm/activities/db/reconcile/suspects";
import { channelsWithRows } from "@mgm/activities/db/restore/channels";
import { restoreAttention } from "@mgm/activities/db/restore/restore-attention";
import { restoreCycle } from "@mgm/activities/db/restore/restore-cycle";
import { restoreGift } from "@mgm/activities/db/restore/restore-gift";
import { restorePayout } from "@mgm/activities/db/restore/restore-payout";
import { findSpinCycle, type SpinCycle } from "@mgm/activities/db/spin/cycle-row";
import { setPaused } from "@mgm/activities/db/spin/read-roulette";
import { giftDeliveryWorkflowId, giftWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import type { SettleInput } from "@mgm/workflows/payout/messages";
import type { Client } from "@temporalio/client";
import { type RecordedRun, recordedRuns, unlessGone } from "./histories.ts";

/*
 * After PostgreSQL or Temporal was restored from a backup, one of them is older than the other. What was paid must not be
 * paid again, so this runs before anything else does, for every channel that the two know of:
 *
 *   spins                        paused, until somebody has looked
 *   payout, gift: row missing    written again from its workflow's history
 *                 row older      brought to where its workflow had brought it
 *                 row newer      its workflow is told to look
 *   question forgotten           put before the operators again, or written down as settled; its confirmation too
 *   question settled meanwhile   its workflow is told
 *   cycle running without a row  ended: its draw is lost, and with it whom it was about
 *   cycle not decided in its row brought to what its workflow had decided
 *
 * The reconcile job does the rest when the worker runs: rows without a workflow get one, and a cycle whose workflow did not
 * decide it is won if its payout is there.
 */

/** What was found and done. Names of workflows, for the operators. */
export interface RestoreReport {
  /** Ids of the channels that nobody is drawn in until they are resumed. */
  readonly spinsPaused: string[];
  readonly payoutsAdded: string[];
  readonly payoutsAdvanced: string[];
  readonly giftsAdded: string[];
  readonly giftsAdvanced: string[];
  readonly attentionsReopened: string[];
  readonly attentionsSettled: string[];
  readonly cyclesEnded: string[];
  readonly cyclesAdvanced: string[];
  readonly workflowsTold: string[];
  /** Somebody must look at these: what became of them is not known for sure. */
  readonly unsettled: string[];
}

interface Dependencies {
  readonly database: Database;
  readonly client: Client;
  /** Whose workflows are about this database. */
  readonly taskQueue: string;
}

/** Brings the rows to what Temporal knows; see the map above. May run again. */
export async function afterRestore(deps: Dependencies): Promise<RestoreReport> {
  const report: RestoreReport = {
    spinsPaused: [],
    payoutsAdded: [],
    payoutsAdvanced: [],
    giftsAdded: [],
    giftsAdvanced: [],
    attentionsReopened: [],
    attentionsSettled: [],
    cyclesEnded: [],
    cyclesAdvanced: [],
    workflowsTold: [],
    unsettled: [],
  };
  const pause = async (broadcasterId: string): Promise<void> => {
    if (report.spinsPaused.includes(broadcasterId)) return;
    await setPaused(deps.database, broadcasterId, true);
    report.spinsPaused.push(broadcasterId);
  };
  for (const broadcasterId of await channelsWithRows(deps.database)) await pause(broadcasterId);
  const onQueue = `TaskQueue = '${deps.taskQueue.replaceAll("'", "''")}'`;
  const settleEach = async (query: string, settle: (run: RecordedRun) => unknown): Promise<void> => {
    for await (const run of recordedRuns(deps.client, `${onQueue} and ${query}`)) {
      await pause((run.input as { broadcasterId: string }).broadcasterId);
      await settle(run);
    }
  };
  await settleEach("WorkflowType = 'payout'", (run) => settlePayout(deps, run, report));
  const questions = new Map<string, Question>();
  await settleEach("WorkflowType = 'payoutAttention'", (run) => rememberQuestion(questions, run));
  for (const question of questions.values()) await settleQuestion(deps, question, report);
  const gifts = new Map<string, RememberedGift>();
  await settleEach("WorkflowType = 'gift'", (run) => rememberGift(gifts, run));
  // What happened to a gift after its end stands in the history of the one that waits for its mail.
  await settleEach("WorkflowType = 'giftDelivery'", (run) => rememberGift(gifts, run));
  for (const gift of gifts.values()) await settleGift(deps, gift, report);
  await settleEach("WorkflowType = 'spinCycle' and ExecutionStatus = 'Running'", (run) =>
    endWithoutRow(deps, run, report),
  );
  for (const broadcasterId of report.spinsPaused) {
    for await (const cycle of openCycles(deps.database, broadcasterId, Date.now())) {
      await settleCycle(deps, cycle, report);
    }
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
  if (restored === "ahead" && status.name === "RUNNING") await tell({ client, workflowId, report }, "lookSignal");
}

/** The last of the runs that asked about a payout; a question that is settled may come up again. */
interface Question {
  readonly last: RecordedRun;
  readonly wasSettledBefore: boolean;
}

function rememberQuestion(questions: Map<string, Question>, last: RecordedRun): void {
  // Who started that one was overtaken: it found the question settled, and asked nobody.
  if (last.results.length > 0 && last.results.every((isOpen) => isOpen === false)) return;
  const before = questions.get(last.info.workflowId);
  const wasSettledBefore = before !== undefined && (before.wasSettledBefore || isSettled(before.last));
  questions.set(last.info.workflowId, { last, wasSettledBefore });
}

/** A run that was terminated left its question open. */
function isSettled({ info }: RecordedRun): boolean {
  return info.status.name === "COMPLETED";
}

async function settleQuestion(deps: Dependencies, { last, wasSettledBefore }: Question, report: RestoreReport) {
  const { database, client } = deps;
  const { workflowId, startTime, status } = last.info;
  const { broadcasterId, payoutId } = last.input as { broadcasterId: string; payoutId: string };
  // A payout that ended by itself is asked about because its mail left all the same, and so is one that is asked about
  // again; one that was terminated is asked about because it was.
  const payout = await unlessGone(() => client.workflow.getHandle(payoutWorkflowId(payoutId)).describe());
  const mailWasConfirmed = wasSettledBefore || payout?.status.name === "COMPLETED";
  // Whoever is asked about had ended: a row that does not know it must not be owed anew.
  const at = startTime.getTime();
  const hasFailed = payout === null && (await failVanishedPayout(database, { broadcasterId, payoutId, at })) !== null;
  const settledAt = isSettled(last) ? endOf(last) : null;
  const restored = await restoreAttention(database, {
    broadcasterId,
    payoutId,
    mailWasConfirmed,
    startedAt: at,
    settledAt,
  });
  const isChanged = hasFailed || restored === "reopened" || restored === "settled";
  if (isChanged) report[restored === "settled" ? "attentionsSettled" : "attentionsReopened"].push(workflowId);
  // Whether the mail had been confirmed is told by the payout's history alone.
  if (restored === "unknown" || (isChanged && payout === null)) report.unsettled.push(workflowId);
  if (restored !== "ahead" || status.name !== "RUNNING") return;
  const settlement: SettleInput = { note: "it was settled before the restore", cause: "server" };
  await tell({ client, workflowId, report }, "settleSignal", settlement);
}

interface RememberedGift {
  snapshot: GiftSnapshot;
  readonly createdAt: number;
  at: number;
  /** Workflows that wait for something to happen to it. */
  readonly running: Set<string>;
}

function rememberGift(gifts: Map<string, RememberedGift>, run: RecordedRun): void {
  const snapshot = newest<GiftSnapshot>(run, (result) => (result as { gift?: GiftSnapshot }).gift);
  if (snapshot === null) return;
  const { workflowId, startTime, status } = run.info;
  const known = gifts.get(snapshot.giftRequestId);
  const gift = known ?? { snapshot, createdAt: startTime.getTime(), at: endOf(run), running: new Set<string>() };
  if (snapshot.version > gift.snapshot.version) {
    gift.snapshot = snapshot;
    gift.at = endOf(run);
  }
  if (status.name === "RUNNING") gift.running.add(workflowId);
  gifts.set(snapshot.giftRequestId, gift);
}

async function settleGift({ database, client }: Dependencies, gift: RememberedGift, report: RestoreReport) {
  const { giftRequestId } = gift.snapshot;
  const workflowId = giftWorkflowId(giftRequestId);
  const restored = await restoreGift(database, gift);
  if (restored === "added") report.giftsAdded.push(workflowId);
  if (restored === "advanced") report.giftsAdvanced.push(workflowId);
  if (restored === "barred") report.unsettled.push(workflowId);
  if (restored !== "ahead") return;
  if (gift.running.has(workflowId)) await tell({ client, workflowId, report }, "lookSignal");
  const waiting = giftDeliveryWorkflowId(giftRequestId);
  if (gift.running.has(waiting)) await tell({ client, workflowId: waiting, report }, "news");
}

async function endWithoutRow({ database, client }: Dependencies, run: RecordedRun, report: RestoreReport) {
  const drawn = cyclesIn(run)[0]?.spinCycleId;
  if (drawn === undefined) return;
  const { broadcasterId } = run.input as { broadcasterId: string };
  if ((await findSpinCycle(database, broadcasterId, drawn)) !== null) return;
  const handle = client.workflow.getHandle(run.info.workflowId, run.info.runId);
  if (await happens(() => handle.terminate("its draw was lost with a restored database"))) {
    report.cyclesEnded.push(run.info.workflowId);
  }
}

async function settleCycle({ database, client }: Dependencies, cycle: SpinCycle, report: RestoreReport) {
  const { spinCycleId, workflowId } = cycle;
  for await (const run of recordedRuns(client, `WorkflowId = '${workflowId.replaceAll("'", "''")}'`)) {
    const snapshot = cyclesIn(run).find((one) => one.spinCycleId === spinCycleId && one.outcome !== null);
    if (snapshot === undefined) continue;
    if (await restoreCycle(database, { snapshot, at: endOf(run) })) report.cyclesAdvanced.push(workflowId);
  }
}

/** A cycle at each step that stands in its workflow's history: a draw's result holds it, a decision's is it. */
function cyclesIn({ results }: RecordedRun): CycleSnapshot[] {
  return results
    .map((result) => (isObject(result) ? ((result as { cycle?: unknown }).cycle ?? result) : null))
    .filter((one): one is CycleSnapshot => isObject(one) && "spinCycleId" in one);
}

async function tell(
  whom: { readonly client: Client; readonly workflowId: string; readonly report: RestoreReport },
  signal: string,
  ...input: unknown[]
): Promise<void> {
  const told = await happens(() => whom.client.workflow.getHandle(whom.workflowId).signal(signal, ...input));
  if (told) whom.report.workflowsTold.push(whom.workflowId);
}

/** Lists are a moment behind: what they call running may have ended. */
async function happens(act: () => Promise<unknown>): Promise<boolean> {
  const happened = await unlessGone(async () => {
    await act();
    return true;
  });
  return happened ?? false;
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
