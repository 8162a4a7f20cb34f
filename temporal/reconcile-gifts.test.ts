import { randomUUID } from "node:crypto";
import { giftDeliveryWorkflowId, giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { NEEDS_ATTENTION } from "@mgm/workflows/search-attributes";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectTaken, type Gifts, giftsOf } from "./test/gifts.ts";
import { eventually, startWorld, type World } from "./test/world.ts";

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());
afterEach(() => gifts.clear("idle"));

const NOTHING = { giftsStarted: 0, giftsEnded: 0, giftsTold: 0, giftQueuesWoken: 0, giftDeliveriesStarted: 0 };
const workflow = (id: string) => world.client.workflow.getHandle(id);

function hasTimer(history: { events?: { timerStartedEventAttributes?: unknown }[] | null } | null): boolean {
  return history?.events?.some((event) => event.timerStartedEventAttributes != null) ?? false;
}

/** It has read its row: what is written into it from now on, it does not see by itself. */
async function untilItWaits(handle: ReturnType<typeof workflow>): Promise<void> {
  await eventually(async () => {
    const history = await handle.fetchHistory().catch(() => null);
    return history?.events?.some((event) => event.activityTaskScheduledEventAttributes != null) ?? false;
  });
}

/** A row whose workflow was never started. */
async function lonelyGift(): Promise<string> {
  const id = randomUUID();
  await world.database.query(
    `insert into gift_requests (gift_request_id, broadcaster_id, twitch_user_id, twitch_display_name, character_name,
        origin, state, created_at, updated_at, timings)
     values ($1, $2, $3, 'Lonely', 'Lonely', 'chat', 'Pending', now(), now(), $4)`,
    [id, world.broadcasterId, `lonely-${id}`, JSON.stringify(world.timings)],
  );
  return id;
}

describe("the reconcile job", () => {
  it("has nothing to do when all is well, however often it runs", async () => {
    const unsent = await gifts.askAndComplete();
    await gifts.askAndServe();
    const waiting = await gifts.ask();
    await eventually(() =>
      workflow(giftWorkflowId(waiting.id))
        .describe()
        .catch(() => null),
    );
    expect(await world.reconcile()).toMatchObject(NOTHING);
    await gifts.sent(unsent.id);
    await workflow(giftDeliveryWorkflowId(unsent.id)).result();
    expect(await world.reconcile()).toMatchObject(NOTHING);
  });

  it("starts the workflow of a row that has none, which wakes the queue", async () => {
    const id = await lonelyGift();
    expect(await world.reconcile()).toMatchObject({ giftsStarted: 1, giftsEnded: 0 });
    await gifts.until(id, "SelectingItem");
    expect(await world.reconcile()).toMatchObject(NOTHING);
  });

  it("is not waited for by the first write to such a row", async () => {
    const id = await lonelyGift();
    expect(await gifts.fail(id, "failed_by_streamer")).toMatchObject({ status: 200, body: { state: "Failed" } });
  });

  it("leaves alone what is too young to be lost", async () => {
    await lonelyGift();
    const young = await world.client.workflow.execute("reconcile", {
      workflowId: `reconcile-${randomUUID()}`,
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId }],
    });
    expect(young).toMatchObject(NOTHING);
  });

  it("ends an open request whose workflow is gone, as an operator's", async () => {
    await gifts.askAndServe();
    const { id, viewerId } = await gifts.ask();
    const handle = workflow(giftWorkflowId(id));
    await untilItWaits(handle);
    await handle.terminate("by a test");
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftsEnded: 1 });
    expect(await gifts.row(id)).toMatchObject({ state: "Failed", failure_reason: "ended_by_operator" });
    expect(await gifts.used()).not.toContain(viewerId);
  });

  it("completes one whose mail was sent meanwhile", async () => {
    await gifts.askAndServe();
    const { id, viewerId } = await gifts.ask();
    const handle = workflow(giftWorkflowId(id));
    await untilItWaits(handle);
    await handle.terminate("by a test");
    expect((await gifts.sent(id)).status).toBe(503);
    // Nobody can act on it yet, and the viewer may ask for nothing more all the same.
    expect(await gifts.used()).toContain(viewerId);
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftsEnded: 1 });
    expect(await gifts.row(id)).toMatchObject({ state: "Completed", failure_reason: null });
    expect(await gifts.used()).toContain(viewerId);
    expect(await gifts.sent(id)).toMatchObject({ status: 200, body: { state: "Completed" } });
  });

  it("tells a request of the facts that it has not heard of", async () => {
    const { id } = await gifts.askAndSelect();
    await world.database.query(
      "update gift_requests set agreed = true, answered_at = now() where gift_request_id = $1",
      [id],
    );
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftsTold: 1 });
    await gifts.until(id, "Completed");
  });

  it("wakes a queue that is gone while somebody waits", async () => {
    const { id } = await gifts.askAndServe();
    const queue = workflow(giftQueueWorkflowId(world.broadcasterId));
    // While the worker is away: the activity that serves would find out, and wake the queue first.
    await world.stopWorker();
    await queue.terminate("by a test");
    await world.startWorker();
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftQueuesWoken: 1 });
    await expectTaken(() => gifts.fail(id, "failed_by_streamer"));
    await eventually(async () => (await queue.describe()).status.name === "COMPLETED");
  });

  it("starts the wait for a mail that nobody waits for, with its attention due", async () => {
    const { id } = await gifts.askAndComplete();
    const handle = workflow(giftDeliveryWorkflowId(id));
    await eventually(() => handle.describe().catch(() => null));
    await handle.terminate("by a test");
    await world.database.query(
      "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
      [id],
    );
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftDeliveriesStarted: 1 });
    await eventually(async () => (await handle.describe()).typedSearchAttributes.get(NEEDS_ATTENTION) === true);
    expect((await gifts.list()).find((gift) => gift.id === id)?.needsAttention).toBe(true);
    await gifts.sent(id);
    expect(await handle.result()).toMatchObject({ state: "Completed" });
    expect((await handle.describe()).typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(false);
  });

  it("tells that wait of what it has not heard, and nobody when nobody waits", async () => {
    const { id } = await gifts.askAndComplete();
    const handle = workflow(giftDeliveryWorkflowId(id));
    // It has read the row, and waits.
    await eventually(async () => hasTimer(await handle.fetchHistory().catch(() => null)));
    const change = () =>
      world.database.query("update gift_requests set delivered_at = now(), untold = true where gift_request_id = $1", [
        id,
      ]);
    await change();
    expect(await world.reconcile()).toMatchObject({ ...NOTHING, giftsTold: 1 });
    await handle.result();
    await change();
    expect(await world.reconcile()).toMatchObject(NOTHING);
    expect((await gifts.row(id)).untold).toBe(false);
  });

  it("knows by the row that it must be told, until it was", async () => {
    const { id } = await gifts.askAndComplete();
    const handle = workflow(giftDeliveryWorkflowId(id));
    await eventually(async () => hasTimer(await handle.fetchHistory().catch(() => null)));
    await world.stopWorker();
    await gifts.fail(id, "failed_by_streamer");
    expect((await gifts.row(id)).untold).toBe(true);
    await world.startWorker();
    expect(await handle.result()).toMatchObject({ state: "Failed" });
    expect((await gifts.row(id)).untold).toBe(false);
  });

  it("wakes a workflow whose row has ended without it, however long ago, and looks until it is closed", async () => {
    await gifts.askAndServe();
    const { id } = await gifts.ask();
    const handle = workflow(giftWorkflowId(id));
    await untilItWaits(handle);
    await world.database.query(
      `update gift_requests set state = 'Failed', failure_reason = 'failed_by_streamer', version = version + 1,
              updated_at = now() - interval '3 days' where gift_request_id = $1`,
      [id],
    );
    const { giftsTold, giftsEnded } = await world.reconcile();
    // Workflows of the tests before may just be ending, and be told as well.
    expect(giftsTold).toBeGreaterThan(0);
    expect(giftsEnded).toBe(0);
    expect((await gifts.row(id)).workflow_ended).toBe(false);
    expect(await handle.result()).toEqual({ state: "Failed", failureReason: "failed_by_streamer" });
    await world.reconcile();
    expect((await gifts.row(id)).workflow_ended).toBe(true);
  });
});
