import { type Evidence, type Execution, entriesOf, type Finding, found, runOf } from "./evidence.ts";

/*
 * No workflow failed, none runs for a row that is closed, and none is missing for one that is open. Nor did a process of
 * the product end by itself.
 */

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
  const openCycles = tables.cycles.some(({ outcome }) => outcome === null);
  for (const { workflowId, type } of running) {
    if (isOfTheServer({ workflowId, type }) || needed.has(workflowId)) continue;
    if (type === "spinCycle" && openCycles) continue;
    findings.push(found("workflow_orphaned", workflowId, type));
  }
  for (const { process, how } of entriesOf(evidence, "died")) findings.push(found("process_died", process, how));
  return findings;
}

/** Schedules are workflows of the server's own; the reconcile job begins every minute and belongs to no row. */
function isOfTheServer({ workflowId, type }: Pick<Execution, "workflowId" | "type">): boolean {
  return type.startsWith("temporal-sys") || workflowId.startsWith("reconcile-");
}
