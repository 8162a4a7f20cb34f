import { randomUUID } from "node:crypto";
import { PAYOUT_WORKFLOW } from "@mgm/workflows/payout/messages";
import { BROADCASTER } from "@mgm/workflows/search-attributes";
import { SPIN_CYCLE_WORKFLOW } from "@mgm/workflows/spin/messages";
import { TypedSearchAttributes } from "@temporalio/common";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../test/world.ts";
import { filled, pageQueries } from "./page.ts";
import { eventuallyHolds } from "./read-model.ts";
import { type Subject, type Subjects, subjectsOf } from "./subjects.ts";

/* The queries in docs/how-to/runbook.md, asked of a system in which every state stands, and held against its rows. */

let world: World;
let subjects: Subjects;
let viewer: Subject;
let sentBefore: Subject;
/** When somebody had their gold, and others had not. */
let meanwhile: Date;
let terminated: Subject;
let failedRun: string;
let missed: string;

beforeAll(async () => {
  world = await startWorld();
  subjects = subjectsOf(world);
  const patched = async (status: string): Promise<void> => {
    const { id } = await subjects.payout();
    await world.desktop("PATCH", `/api/payouts/${id}/status`, { status });
  };
  sentBefore = await subjects.payout();
  await world.desktop("POST", `/api/payouts/${sentBefore.id}/confirm-mail-sent`);
  const sent = world.client.workflow.getHandle(sentBefore.workflowId);
  await sent.result();
  meanwhile = new Date(((await sent.describe()).closeTime?.getTime() ?? 0) + 1);
  await subjects.attention();
  for (const status of ["InProgress", "Failed", "Cancelled"]) await patched(status);
  await subjects.payout({ payoutTtlMs: 1, expiryGridMs: 1 });
  terminated = await subjects.payout();
  await world.client.workflow.getHandle(terminated.workflowId).terminate("by an operator");
  await subjects.delivery();
  await subjects.gift();
  await subjects.gifts.ask();
  const unverified = await subjects.spin({ intervalMs: 1_000, graceMs: 3_000 });
  await subjects.payout();
  viewer = await subjects.payout();
  await world.desktop("POST", `/api/payouts/${viewer.id}/confirm-mail-sent`);
  await world.database.query("delete from pool_entries where broadcaster_id = $1", [world.broadcasterId]);
  await world.spin(1_000);
  missed = await spinAtNoBoundary();
  failedRun = await failedExecution();
  await world.client.workflow.getHandle(unverified.workflowId).result();
  await world.reconcile();
});
afterAll(() => world.stop());

async function spinAtNoBoundary(): Promise<string> {
  const workflowId = `spin-${randomUUID()}`;
  const { taskQueue, broadcasterId, timings } = world;
  const args = [{ broadcasterId, timings, boundary: 1 }];
  await world.client.workflow.execute(SPIN_CYCLE_WORKFLOW, { workflowId, taskQueue, args });
  return workflowId;
}

/** An execution that failed: no code of ours does that, so a worker of another make ends it. */
async function failedExecution(): Promise<string> {
  const workflowId = `payout-${randomUUID()}`;
  const taskQueue = { name: `failing-${randomUUID()}` };
  const typedSearchAttributes = new TypedSearchAttributes([{ key: BROADCASTER, value: world.broadcasterId }]);
  await world.client.workflow.start(PAYOUT_WORKFLOW, { workflowId, taskQueue: taskQueue.name, typedSearchAttributes });
  const { workflowService } = world.client.connection;
  const until = Date.now() + 30_000;
  const common = { namespace: "default", identity: "a defect" };
  const { taskToken } = await world.client.withDeadline(until, () =>
    workflowService.pollWorkflowTaskQueue({ ...common, taskQueue }),
  );
  await workflowService.respondWorkflowTaskCompleted({
    ...common,
    taskToken,
    commands: [
      {
        // COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION
        commandType: 5,
        failWorkflowExecutionCommandAttributes: { failure: { message: "a defect", applicationFailureInfo: {} } },
      },
    ],
  });
  return workflowId;
}

/** Payouts whose rows fulfil a condition, as workflow ids. */
const payouts = (condition: string): string =>
  `select 'payout-' || payout_id as id from payouts where broadcaster_id = $1 and (${condition})`;
const gifts = (condition: string): string =>
  `select 'gift-' || gift_request_id as id from gift_requests where broadcaster_id = $1 and (${condition})`;
const spins = (condition: string): string =>
  `select workflow_id as id from spin_cycles where broadcaster_id = $1 and (${condition})`;
const UNSENT = `select 'gift-delivery-' || gift_request_id as id from gift_requests
  where broadcaster_id = $1 and state = 'Completed' and delivered_at is null`;
const WAITING = "'Pending', 'SelectingItem', 'WaitingConfirmation'";
const bySql = (sql: string) => async (): Promise<string[]> =>
  (await world.database.query<{ id: string }>(sql, [world.broadcasterId])).rows.map(({ id }) => id);

/** What a query must find: workflow ids, told by the rows. */
const EXPECTED: Readonly<Record<string, () => Promise<string[]>>> = {
  "payouts that are still owed": bySql(payouts("status in ('Pending', 'InProgress')")),
  "payouts in the streamer's hands": bySql(payouts("status = 'InProgress'")),
  "payouts that nobody has begun": bySql(payouts("status = 'Pending'")),
  "payouts that ended unpaid": async () => {
    const ended = await bySql(payouts("status in ('Failed', 'Cancelled', 'Expired')"))();
    return ended.filter((id) => id !== terminated.workflowId);
  },
  "gold that was sent since a time": async () => {
    const sent = await bySql(payouts("status = 'Sent'"))();
    expect(sent).toContain(sentBefore.workflowId);
    return sent.filter((id) => id !== sentBefore.workflowId);
  },
  "all about one viewer": async () => [viewer.workflowId, ...(await spinOf(viewer))],
  "all about one character": async () => [viewer.workflowId, ...(await spinOf(viewer))],
  "what somebody must look at": bySql(
    `select 'payout-attention-' || payout_id as id from payouts where broadcaster_id = $1 and attention = 'open'`,
  ),
  "gift requests that are open": bySql(gifts(`state in (${WAITING})`)),
  "the gift request whose turn it is": bySql(gifts("state in ('SelectingItem', 'WaitingConfirmation')")),
  "items whose mail was not sent yet": bySql(UNSENT),
  "spins that somebody won": bySql(spins("outcome = 'won'")),
  "spins that nobody verified": bySql(spins("outcome = 'unverified'")),
  "spins without anybody to draw": bySql(spins("outcome = 'nobody_eligible'")),
  "boundaries that were missed": async () => [missed],
  defects: async () => [failedRun],
  "what was ended by hand": async () => [terminated.workflowId],
};

const spinOf = async ({ id }: Subject): Promise<string[]> => await bySql(spins(`payout_id = '${id}'`))();

/** What a query finds of this world; other tests' worlds are on the same server. */
async function ask(query: string): Promise<string[]> {
  const ours = `MgmBroadcaster = '${world.broadcasterId}'`;
  const found: string[] = [];
  for await (const { workflowId } of world.client.workflow.list({ query: `${ours} and (${query})` })) {
    found.push(workflowId);
  }
  return found;
}

describe("the runbook's queries", () => {
  it("are those whose answer is known here", () => {
    expect(
      pageQueries()
        .map(({ what }) => what)
        .sort(),
    ).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(pageQueries())("$what", async ({ what, query }) => {
    const expected = await EXPECTED[what]?.();
    // Each state is there, so that no query can be right by finding nothing.
    expect(expected?.length).toBeGreaterThan(0);
    const { character = "", twitchUserId = "" } = viewer.values;
    const time = meanwhile.toISOString();
    // Visibility follows a moment later.
    await eventuallyHolds(async () =>
      expect((await ask(filled(query, { character, twitchUserId, time }))).sort()).toEqual(expected?.sort()),
    );
  });
});
