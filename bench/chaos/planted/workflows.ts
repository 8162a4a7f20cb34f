import { changeResult, GIVEN, type PlantedFault, SENT } from "./plant.ts";

/** Faults of workflows and processes. */
export const WORKFLOW_FAULTS: readonly PlantedFault[] = [
  {
    finds: "workflow_ended_badly",
    what: "a workflow that failed",
    executions: ([first, ...others]) => (first === undefined ? [] : [{ ...first, status: "FAILED" }, ...others]),
  },
  {
    finds: "workflow_orphaned",
    what: "a workflow that runs for an ended payout",
    executions: (executions) =>
      executions.map((one) => (/^payout-[0-9a-f]{8}-/.test(one.workflowId) ? { ...one, status: "RUNNING" } : one)),
  },
  {
    finds: "workflow_orphaned",
    what: "a cycle that does not end",
    executions: (executions) =>
      executions.map((one) =>
        one.type === "spinCycle"
          ? { ...one, workflowId: one.workflowId.replace(/\d{4}-/, "2020-"), status: "RUNNING" }
          : one,
      ),
  },
  {
    finds: "workflow_missing",
    what: "an open payout without a workflow",
    sql: [`update payouts set status = 'Pending' where payout_id = ${SENT}`],
  },
  {
    finds: "workflow_missing",
    what: "an open gift without a workflow",
    subject: /^gift-[0-9a-f]{8}-/,
    sql: [`update gift_requests set state = 'SelectingItem' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "workflow_missing",
    what: "an open gift without its queue",
    subject: /^gift-queue-/,
    sql: [`update gift_requests set state = 'Pending' where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "workflow_missing",
    what: "a gift that was agreed upon, without the workflow that waits for its mail",
    subject: /^gift-delivery-/,
    sql: [`update gift_requests set delivered_at = null where gift_request_id = ${GIVEN}`],
  },
  {
    finds: "workflow_missing",
    what: "a payout that needs attention, without the workflow that waits for it",
    subject: /^payout-attention-/,
    sql: [`update payouts set attention = 'open' where payout_id = ${SENT}`],
  },
  {
    finds: "process_died",
    what: "a process that ended by itself",
    ledger: (entries) => [...entries, { kind: "died", process: "worker", how: "exit code 1", at: 0 }],
  },
  {
    finds: "task_failed",
    what: "a task that failed in our code",
    histories: ([first, ...others]) =>
      first === undefined ? [] : [{ ...first, failedTasks: ["cause 24"] }, ...others],
  },
  {
    finds: "payout_end_differs",
    what: "a payout that ended Failed over a row that is Sent",
    histories: (histories) =>
      changeResult(histories, "payout", (result) =>
        result.status === "Sent" ? { ...result, status: "Failed" } : result,
      ),
  },
  {
    finds: "payout_end_differs",
    what: "a row that is Sent without a workflow that ended so",
    histories: (histories) => histories.filter(({ type }) => type !== "payout"),
  },
  {
    finds: "gift_end_differs",
    what: "an ended gift that no workflow ended",
    histories: (histories) => histories.filter(({ type }) => type !== "gift"),
  },
  {
    finds: "gift_end_differs",
    what: "a gift that ended Failed over a row that is Completed",
    histories: (histories) =>
      changeResult(histories, "gift", (result) =>
        result.state === "Completed" ? { ...result, state: "Failed" } : result,
      ),
  },
  {
    finds: "gift_end_differs",
    what: "a delivery that was taken back over a row that is Completed",
    histories: (histories) => changeResult(histories, "giftDelivery", (result) => ({ ...result, state: "Failed" })),
  },
  {
    finds: "cycle_end_differs",
    what: "a cycle that was won over a row without a winner",
    histories: (histories) => changeResult(histories, "spinCycle", (result) => ({ ...result, payoutId: "made-up" })),
  },
];
