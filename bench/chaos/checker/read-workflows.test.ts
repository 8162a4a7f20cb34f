import { randomUUID } from "node:crypto";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { engines } from "../../../temporal/test/engines.ts";
import { judge } from "./check.ts";
import type { Evidence, Tables } from "./evidence.ts";
import { readExecutions, readHistories } from "./read-workflows.ts";

/* What Temporal itself says of workflows without a row, of tasks that failed, and of workflows that did. */

const NON_DETERMINISTIC = 24;
const FAIL_WORKFLOW = 5;

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: engines().temporalAddress });
  client = new Client({ connection });
});
afterAll(() => connection.close());

const empty: readonly never[] = [];
/** A channel without a row. */
const tables: Tables = {
  now: new Date(),
  pool: empty,
  exits: empty,
  commands: empty,
  claims: empty,
  cycles: empty,
  draws: empty,
  drawLists: empty,
  payouts: empty,
  payoutEvents: empty,
  announcements: empty,
  gifts: empty,
  giftEvents: empty,
  giftUse: empty,
};
const run = { kind: "run", seed: 0, broadcasterId: "planted", timings: {}, at: 0 } as const;
const purse = { kind: "purse", copperBefore: 0, copperAfter: 0 } as const;

it("finds a workflow that runs for nobody, a task that failed in our code, and a workflow that failed", async () => {
  const workflowId = `payout-${randomUUID()}`;
  const taskQueue = { name: workflowId };
  const namespace = "default";
  const service = connection.workflowService;
  const own = async () => (await readExecutions(client)).filter((one) => one.workflowId === workflowId);
  const until = (status: string) => expect.poll(async () => (await own())[0]?.status, { timeout: 30_000 }).toBe(status);
  const found = async () => {
    const executions = await own();
    const histories = await readHistories(client, executions);
    const evidence: Evidence = { ledger: [run, purse], tables, executions, histories };
    return judge(evidence).map(({ code }) => code);
  };
  const nextTask = () =>
    connection.withDeadline(Date.now() + 60_000, () => service.pollWorkflowTaskQueue({ namespace, taskQueue }));

  await client.workflow.start("payout", { workflowId, taskQueue: taskQueue.name });
  await until("RUNNING");
  expect(await found()).toEqual(["workflow_orphaned"]);

  const { taskToken } = await nextTask();
  await service.respondWorkflowTaskFailed({ namespace, taskToken, cause: NON_DETERMINISTIC });
  expect(await found()).toEqual(["workflow_orphaned", "task_failed"]);

  const again = await nextTask();
  await service.respondWorkflowTaskCompleted({
    namespace,
    taskToken: again.taskToken,
    commands: [{ commandType: FAIL_WORKFLOW, failWorkflowExecutionCommandAttributes: { failure: { message: "" } } }],
  });
  await until("FAILED");
  expect(await found()).toEqual(["workflow_ended_badly", "task_failed"]);
});
