import { type Evidence, type Finding, found, type History } from "./evidence.ts";

/*
 * What workflows returned against what the rows say: a row and its workflow end alike, and every row that ended has a
 * workflow that ended it. No task failed in a workflow's own code.
 */

const ENDED = new Set(["Sent", "Failed", "Cancelled", "Expired"]);
/** An activity may be given up by its workflow after it has done its work. */
const GIVEN_UP = "failed";

/** Checks histories, once they have been read. */
export function checkHistories(evidence: Evidence): Finding[] {
  const { histories } = evidence;
  if (histories === null) return [];
  const returned = new Map<string, NonNullable<History["result"]>[]>();
  for (const { workflowId, result } of histories) {
    if (result !== null) returned.set(workflowId, [...(returned.get(workflowId) ?? []), result]);
  }
  const resultsOf = (workflowId: string) => returned.get(workflowId) ?? [];
  return [
    ...histories.flatMap((one) => one.failedTasks.map((failure) => found("task_failed", one.workflowId, failure))),
    ...checkPayoutEnds(evidence, resultsOf),
    ...checkGiftEnds(evidence, resultsOf),
    ...checkCycleEnds(evidence, histories),
  ];
}

type ResultsOf = (workflowId: string) => readonly NonNullable<History["result"]>[];

function checkPayoutEnds({ tables }: Evidence, resultsOf: ResultsOf): Finding[] {
  const claims = new Map(tables.announcements.map((claim) => [claim.payout_id, claim.state]));
  return tables.payouts.flatMap(({ payout_id: id, status }) => {
    const results = resultsOf(`payout-${id}`);
    if (ENDED.has(status) && results.length === 0) return [found("payout_end_differs", id, `${status} by no workflow`)];
    return results.flatMap((result) => {
      const findings: Finding[] = [];
      if (result.status !== status) findings.push(found("payout_end_differs", id, `${result.status}, not ${status}`));
      const announced = result.announcement ?? null;
      const claim = claims.get(id) ?? null;
      if (announced !== claim && announced !== GIVEN_UP) {
        findings.push(found("announcement_end_differs", id, `${announced}, not ${claim}`));
      }
      return findings;
    });
  });
}

function checkGiftEnds({ tables }: Evidence, resultsOf: ResultsOf): Finding[] {
  return tables.gifts.flatMap(({ gift_request_id: id, state }) => {
    const requested = resultsOf(`gift-${id}`);
    const delivered = resultsOf(`gift-delivery-${id}`);
    const story = tables.giftEvents.filter((event) => event.gift_request_id === id);
    // A gift that was agreed upon may be taken back when its request's workflow is over; the one that waits for the mail does it.
    const wasCompleted = story.some((event) => event.state === "Completed");
    const isTakenBack = state === "Failed" && wasCompleted;
    const isRight = (said: unknown) => said === state || (isTakenBack && said === "Completed");
    const hasEnded = state === "Completed" || state === "Failed";
    const isEnded = !hasEnded || requested.length > 0;
    const areRight = requested.every((one) => isRight(one.state)) && delivered.every((one) => one.state === state);
    if (isEnded && areRight) return [];
    const said = [...requested, ...delivered].map((one) => one.state).join(", ");
    return [found("gift_end_differs", id, `${said === "" ? "no workflow" : said}, not ${state}`)];
  });
}

function checkCycleEnds({ tables }: Evidence, histories: readonly History[]): Finding[] {
  const cycles = new Map(tables.cycles.map((cycle) => [cycle.spin_cycle_id, cycle]));
  return histories.flatMap(({ type, workflowId, result }) => {
    // A boundary that was skipped has no row.
    if (type !== "spinCycle" || result === null || typeof result.spinCycleId !== "string") return [];
    const { spinCycleId: id, outcome, payoutId } = result;
    const row = cycles.get(id);
    if (row?.outcome === outcome && row?.payout_id === payoutId) return [];
    return [found("cycle_end_differs", id, `${workflowId}: ${outcome} with ${payoutId}, not ${row?.outcome}`)];
  });
}
