import { type Evidence, type Execution, entriesOf, type Finding, found, runOf } from "./evidence.ts";

/*
 * No workflow failed, none runs for a row that is closed, and none is missing for one that is open. Nor did a process of
 * the product end by itself.
 */

/** Between a deadline and the decision about it, on a busy machine. */
const DECIDES_WITHIN_MS = 10_000;
const GOOD_ENDS = new Set(["RUNNING", "COMPLETED", "CONTINUED_AS_NEW"]);

/** Checks workflows against rows. */
export function checkWorkflows(evidence: Evidence): Finding[] {
  const { tables, executions } = evidence;
  const findings: Finding[] = [];
  for (const { workflowId, type, status } of executions) {
    if (!GOOD_ENDS.has(status)) findings.push(found("workflow_ended_badly", workflowId, `${type} ${status}`));
  }
  const running = executions.filter(({ status }) => status === "RUNNING");
  const waiting = tables.gifts.filter(({ state }) => state !== "Completed" && state !== "Failed");
  const needed = new Set([
    ...tables.payouts
      .filter(({ status }) => status === "Pending" || status === "InProgress")
      .map(({ payout_id: id }) => `payout-${id}`),
    ...tables.payouts.filter(({ attention }) => attention === "open").map((one) => `payout-attention-${one.payout_id}`),
    ...waiting.map((gift) => `gift-${gift.gift_request_id}`),
    ...(waiting.length > 0 ? [`gift-queue-${runOf(evidence).broadcasterId}`] : []),
    ...tables.gifts
      .filter(({ state, delivered_at: deliveredAt }) => state === "Completed" && deliveredAt === null)
      .map((gift) => `gift-delivery-${gift.gift_request_id}`),
  ]);
  const ids = new Set(running.map(({ workflowId }) => workflowId));
  for (const id of needed) if (!ids.has(id)) findings.push(found("workflow_missing", id));
  for (const { workflowId, type } of running) {
    if (isOfTheServer({ workflowId, type }) || needed.has(workflowId)) continue;
    if (type === "spinCycle" && isOfItsTime(workflowId, evidence)) continue;
    findings.push(found("workflow_orphaned", workflowId, type));
  }
  for (const { process, how } of entriesOf(evidence, "died")) findings.push(found("process_died", process, how));
  return findings;
}

/** A cycle runs until its report is too late; one of a paused channel ends at once, and may just have begun. */
function isOfItsTime(workflowId: string, evidence: Evidence): boolean {
  const { intervalMs = 0, graceMs = 0, slackMs = 0 } = runOf(evidence).timings;
  const boundary = Date.parse(/\d{4}-\d\d-\d\dT.*Z$/.exec(workflowId)?.[0] ?? "");
  return evidence.tables.now.getTime() <= boundary + intervalMs + graceMs + slackMs + DECIDES_WITHIN_MS;
}

/** Schedules are workflows of the server's own; the reconcile job begins every minute and belongs to no row. */
function isOfTheServer({ workflowId, type }: Pick<Execution, "workflowId" | "type">): boolean {
  return type.startsWith("temporal-sys") || workflowId.startsWith("reconcile-");
}
