import type { CycleSnapshot, CycleStart, SpinActivities } from "@mgm/activities/contract";
import { PAYOUT_GOLD } from "@mgm/domain/economics";
import { drawUntil, isBoundary, judgeReport } from "@mgm/domain/spin-cycle";
import { type SearchAttributePair, WorkflowExecutionAlreadyStartedError } from "@temporalio/common";
import {
  allHandlersFinished,
  condition,
  log,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import { payoutWorkflowId } from "../ids.ts";
import { payoutStart } from "../payout/start.ts";
import { payout } from "../payout/workflow.ts";
import { refusalFailure } from "../refusal-failure.ts";
import { BROADCASTER, CHARACTER, GOLD, SCHEDULED_START, STATUS, TWITCH_USER } from "../search-attributes.ts";
import { untilMs } from "../until.ts";
import { type ReportResult, reportUpdate, type SpinCycleInput, type SpinCycleResult } from "./messages.ts";

/*
 * One boundary's spin: draw, wait for the report or the end of its time, and begin the payout if it was won.
 *
 *   not a boundary ─► missed, nothing stored
 *   storeDraw: late ─► (a slack after the last moment, when no draw can be under way) ─► missed
 *              paused ─► nothing stored
 *              stored, nobody eligible ─► done
 *              stored ─► wait for `report` until verifyUntil + slack ─► decided ─► won: payout workflow
 */

const { storeDraw, storeMissed } = proxyActivities<SpinActivities>({
  startToCloseTimeout: "10s",
  retry: { initialInterval: "200ms", maximumInterval: "5s" },
  summary: "draw",
});
// Callers wait for the decision, so it must not take the way over the server.
const { decideCycle } = proxyLocalActivities<SpinActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "decide",
});

/** One boundary's spin; see the map above. */
export async function spinCycle(input: SpinCycleInput): Promise<SpinCycleResult> {
  const info = workflowInfo();
  const boundary = input.boundary ?? info.typedSearchAttributes.get(SCHEDULED_START)?.getTime();
  let cycle: CycleSnapshot | null = null;
  const isDecided = () => cycle?.outcome != null;

  setHandler(
    reportUpdate,
    async (): Promise<ReportResult> => {
      await condition(() => cycle !== null);
      if (!isDecided()) await decide(false);
      const { outcome, refusedReason, payoutId } = cycle as unknown as CycleSnapshot;
      if (outcome === null) throw refusalFailure({ ok: false, code: "out_of_sequence" });
      return { outcome, refusedReason, payoutId };
    },
    {
      description: "A /who report was recorded for this cycle",
      validator: (report) => {
        if (cycle === null) return;
        const judgement = judgeReport(cycle, report, report.receivedAt);
        if (!judgement.ok) throw refusalFailure(judgement);
      },
    },
  );

  async function decide(final: boolean): Promise<void> {
    const { spinCycleId } = cycle as CycleSnapshot;
    const decided = await decideCycle({ broadcasterId: input.broadcasterId, spinCycleId, final });
    if (!isDecided()) cycle = decided;
  }

  if (boundary === undefined || !isBoundary(boundary, input.timings.intervalMs)) {
    log.warn("started at no boundary", { boundary });
    tellStatus(input.broadcasterId, "missed");
    return end(null, "missed");
  }
  // Only a start by hand can be early.
  if (boundary > Date.now()) await sleep(untilMs(boundary), { summary: "boundary" });
  const start: CycleStart = {
    broadcasterId: input.broadcasterId,
    boundary,
    workflowId: info.workflowId,
    timings: input.timings,
  };
  const draw = await storeDraw(start);
  if (draw.kind === "paused") {
    tellStatus(input.broadcasterId, "paused");
    return end(null, "paused");
  }
  if (draw.kind === "stored") cycle = draw.cycle;
  else {
    await sleep(untilMs(drawUntil(boundary, input.timings) + input.timings.slackMs), { summary: "no draw in time" });
    cycle = await storeMissed(start);
  }
  tellOperators(input.broadcasterId, cycle);

  if (!isDecided()) {
    const decideAt = cycle.verifyUntil + input.timings.slackMs;
    await condition(isDecided, untilMs(decideAt), { summary: "time for a report" });
    if (!isDecided()) await decide(true);
    tellOperators(input.broadcasterId, cycle);
  }
  if (cycle.payout !== null) await beginPayout(cycle.payout);
  await condition(allHandlersFinished);
  return end(cycle, cycle.outcome ?? "unverified");
}

async function beginPayout(snapshot: NonNullable<CycleSnapshot["payout"]>): Promise<void> {
  try {
    await startChild(payout, {
      ...payoutStart(snapshot),
      workflowId: payoutWorkflowId(snapshot.payoutId),
      // The payout outlives its cycle.
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  } catch (error) {
    // A caller's first message may have started it already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function tellStatus(broadcasterId: string, status: string, more: SearchAttributePair[] = []): void {
  upsertSearchAttributes([{ key: BROADCASTER, value: broadcasterId }, { key: STATUS, value: status }, ...more]);
}

function tellOperators(broadcasterId: string, cycle: CycleSnapshot): void {
  tellStatus(broadcasterId, cycle.outcome ?? "drawn", [
    ...(cycle.candidateName === null ? [] : [{ key: CHARACTER, value: cycle.candidateName }]),
    ...(cycle.candidateUserId === null ? [] : [{ key: TWITCH_USER, value: cycle.candidateUserId }]),
    ...(cycle.payoutId === null ? [] : [{ key: GOLD, value: PAYOUT_GOLD }]),
  ]);
  setCurrentDetails(
    [
      `Cycle \`${cycle.spinCycleId}\``,
      cycle.candidateName === null ? "No candidate." : `Candidate **${cycle.candidateName}**`,
      cycle.outcome === null ? "Waiting for the game's report." : `Outcome: **${cycle.outcome}**`,
      ...(cycle.payoutId === null ? [] : [`Payout \`${payoutWorkflowId(cycle.payoutId)}\``]),
    ].join("\n\n"),
  );
}

function end(cycle: CycleSnapshot | null, outcome: SpinCycleResult["outcome"]): SpinCycleResult {
  return { spinCycleId: cycle?.spinCycleId ?? null, outcome, payoutId: cycle?.payoutId ?? null };
}
