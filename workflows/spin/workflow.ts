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
import { TurnsOnceTheyMeet } from "../one-at-a-time.ts";
import { payoutStart } from "../payout/start.ts";
import { payout } from "../payout/workflow.ts";
import { refusalFailure } from "../refusal-failure.ts";
import { BROADCASTER, CHARACTER, GOLD, SCHEDULED_START, STATUS, TWITCH_USER } from "../search-attributes.ts";
import { clock, plainText } from "../story.ts";
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

const DRAWING = { startToCloseTimeout: "10s", retry: { initialInterval: "200ms", maximumInterval: "5s" } } as const;
const { storeDraw } = proxyActivities<SpinActivities>({ ...DRAWING, summary: "draw a candidate from the pool" });
const { storeMissed } = proxyActivities<SpinActivities>({ ...DRAWING, summary: "record that the boundary was missed" });
// Callers wait for the decision, so it must not take the way over the server.
const { decideCycle } = proxyLocalActivities<SpinActivities>({
  startToCloseTimeout: "5s",
  localRetryThreshold: "10s",
  retry: { initialInterval: "100ms", maximumInterval: "5s" },
  summary: "decide by the report",
});

/** One boundary's spin; see the map above. */
export async function spinCycle(input: SpinCycleInput): Promise<SpinCycleResult> {
  const info = workflowInfo();
  const boundary = input.boundary ?? info.typedSearchAttributes.get(SCHEDULED_START)?.getTime();
  let cycle: CycleSnapshot | null = null;
  const isDecided = () => cycle?.outcome != null;
  // A report that the API repeats may be heard together with the first one.
  const turns = new TurnsOnceTheyMeet("reports-in-turn");

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
      description: "The desktop's report was recorded; the API sends this, nothing for operators",
      validator: (report) => {
        if (cycle === null) return;
        const judgement = judgeReport(cycle, report, report.receivedAt);
        if (!judgement.ok) throw refusalFailure(judgement);
      },
    },
  );

  async function decide(final: boolean): Promise<void> {
    const { spinCycleId } = cycle as CycleSnapshot;
    await turns.take(async () => {
      if (isDecided()) return;
      const decided = await decideCycle({ broadcasterId: input.broadcasterId, spinCycleId, final });
      if (!isDecided()) cycle = decided;
    });
  }

  if (boundary === undefined || !isBoundary(boundary, input.timings.intervalMs)) {
    log.warn("started at no boundary", { boundary });
    setCurrentDetails("Started by hand between two boundaries: nothing was drawn, nothing was stored.");
    tellStatus(input.broadcasterId, "missed");
    return end(null, "missed");
  }
  // Only a start by hand can be early.
  if (boundary > Date.now()) await sleep(untilMs(boundary), { summary: "until the boundary" });
  const start: CycleStart = {
    broadcasterId: input.broadcasterId,
    boundary,
    workflowId: info.workflowId,
    timings: input.timings,
  };
  const draw = await storeDraw(start);
  if (draw.kind === "paused") {
    setCurrentDetails("Spins were paused: nothing was drawn.");
    tellStatus(input.broadcasterId, "paused");
    return end(null, "paused");
  }
  if (draw.kind === "stored") cycle = draw.cycle;
  else {
    await sleep(untilMs(drawUntil(boundary, input.timings) + input.timings.slackMs), {
      summary: "too late: until no draw can be under way",
    });
    cycle = await storeMissed(start);
  }
  tellOperators(input.broadcasterId, cycle);

  if (!isDecided()) {
    const decideAt = cycle.verifyUntil + input.timings.slackMs;
    await condition(() => isDecided() && turns.areAnswered(), untilMs(decideAt), {
      summary: "time for the game's report",
    });
    if (!isDecided()) await decide(true);
    if (!turns.areAnswered()) await condition(turns.areAnswered);
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
  const { candidateName, outcome, refusedReason, payoutId, reportedOnline, verifyUntil } = cycle;
  setCurrentDetails(
    [
      candidateName === null ? "No candidate." : `Candidate **${plainText(candidateName)}**`,
      outcome === null ? `Waiting until ${clock(verifyUntil)} for the game's report.` : `Outcome: **${outcome}**`,
      ...(reportedOnline === null ? [] : [`The game reported: **${reportedOnline ? "online" : "offline"}**`]),
      ...(refusedReason === null ? [] : [`Refused because of \`${refusedReason}\``]),
      ...(payoutId === null ? [] : [`Its payout is \`${payoutWorkflowId(payoutId)}\``]),
      `The draw is kept under \`${cycle.spinCycleId}\``,
    ].join("\n\n"),
  );
}

function end(cycle: CycleSnapshot | null, outcome: SpinCycleResult["outcome"]): SpinCycleResult {
  return { spinCycleId: cycle?.spinCycleId ?? null, outcome, payoutId: cycle?.payoutId ?? null };
}
