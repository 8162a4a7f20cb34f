import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  giftDeliveryWorkflowId,
  giftQueueWorkflowId,
  giftWorkflowId,
  payoutAttentionWorkflowId,
  payoutWorkflowId,
} from "@mgm/workflows/ids";
import { STATUS } from "@mgm/workflows/search-attributes";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { afterAll, beforeAll, describe, it } from "vitest";
import { type Gifts, giftsOf } from "./test/gifts.ts";
import { grantSubscriptions, twitchSettings } from "./test/twitch-grant.ts";
import { eventually, report, startWorld, type Won, type World } from "./test/world.ts";

/*
 * `npm run record-histories`: plays every path of every workflow on the real engines and keeps the histories that the
 * tests replay (`-- -t payout` for one workflow alone). Record anew when a change of workflow code adds a path, or has
 * workflows that begin after it run differently; move what is there into `earlier` before, so that it goes on replaying.
 */

const FOLDER = fileURLToPath(new URL("../workflows/histories", import.meta.url));

let world: World;
let variant = 1;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  world = await startWorld();
});
afterAll(() => world.stop());

async function keep(name: string, workflowId: string, of = world, runId?: string): Promise<void> {
  const handle = of.client.workflow.getHandle(workflowId, runId, { followRuns: false });
  await handle.result().catch(() => undefined);
  const json = historyToJSON(await handle.fetchHistory());
  // Which machine recorded it, and where its files lie, is nobody's business.
  const anonymous = json
    .replace(/"\d+@[^"]*"/g, '"recorder"')
    .replace(/"identity": *"[^"]*"/g, '"identity": "recorder"')
    .replace(/"stackTrace": *"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');
  await writeFile(`${FOLDER}/${name}.json`, `${anonymous}\n`);
}

async function won(timings = {}): Promise<Won & { workflowId: string }> {
  await world.database.query("delete from pool_entries");
  const payout = await world.win(variant++, undefined, timings);
  return { ...payout, workflowId: payoutWorkflowId(payout.payoutId) };
}

const patch = (id: string, status: string) => world.desktop("PATCH", `/api/payouts/${id}/status`, { status });
const confirm = (id: string) => world.desktop("POST", `/api/payouts/${id}/confirm-mail-sent`);

describe("payout", () => {
  it("sent, with everything on the way", async () => {
    const { payoutId, characterName, workflowId } = await won();
    await world.desktop("POST", `/api/payouts/${payoutId}/confirm-acceptance`, { characterName });
    for (const status of ["InProgress", "Pending", "InProgress"]) await patch(payoutId, status);
    await confirm(payoutId);
    await keep("payout-sent", workflowId);
  });
  it("sent, after changes that were quicker than the operators' list", async () => {
    const { payoutId, workflowId } = await won();
    for (const status of ["InProgress", "Pending", "InProgress", "Pending"]) await patch(payoutId, status);
    await eventually(async () => {
      const { typedSearchAttributes: listed } = await world.client.workflow.getHandle(workflowId).describe();
      return listed.get(STATUS) === "Pending";
    });
    await confirm(payoutId);
    await keep("payout-listed-later", workflowId);
  });
  it("sent from pending, announcement refused three times", async () => {
    const { payoutId, workflowId } = await won();
    world.twitch.faults.add("chat", { kind: "status", status: 400 }, 3);
    await confirm(payoutId);
    await keep("payout-sent-not-announced", workflowId);
  });
  it.each(["Failed", "Cancelled"])("%s by the desktop", async (status) => {
    const { payoutId, workflowId } = await won();
    await patch(payoutId, "InProgress");
    await patch(payoutId, status);
    await keep(`payout-${status.toLowerCase()}`, workflowId);
  });
  it("cancelled by an operator who cancels the workflow", async () => {
    const { workflowId } = await won();
    await world.client.workflow.getHandle(workflowId).cancel();
    await keep("payout-workflow-cancelled", workflowId);
  });
  it("failed by an operator's signal, after one that was refused", async () => {
    const { workflowId, payoutId } = await won();
    await patch(payoutId, "InProgress");
    const handle = world.client.workflow.getHandle(workflowId);
    await handle.signal("changeStatusSignal", { status: "Expired" });
    await handle.signal("changeStatusSignal", { status: "Failed" });
    await keep("payout-failed-by-signal", workflowId);
  });
  it("expired", async () => {
    const { workflowId } = await won({ payoutTtlMs: 1, expiryGridMs: 1 });
    await keep("payout-expired", workflowId);
  });
  it("sent at its expiry, because the confirmation was recorded", async () => {
    const { payoutId, workflowId } = await won({ payoutTtlMs: 1, expiryGridMs: 1, slackMs: 2_000 });
    await world.database.query(
      "update payouts set mail_confirmed_at = now(), mail_confirmed_by = 'log' where payout_id = $1",
      [payoutId],
    );
    await keep("payout-sent-at-expiry", workflowId);
  });
});

describe("payout attention", () => {
  it.each([
    ["settled", (id: string) => world.desktop("POST", `/api/payouts/${id}/settle`, { note: "seen" })],
    ["settled-by-signal", (id: string) => attention(id).signal("settleSignal", { note: "seen" })],
    ["cancelled", (id: string) => attention(id).cancel()],
  ] as const)("%s", async (name, end) => {
    const { payoutId } = await won();
    await patch(payoutId, "Failed");
    await confirm(payoutId);
    await end(payoutId);
    await keep(`attention-${name}`, payoutAttentionWorkflowId(payoutId));
  });
  const attention = (id: string) => world.client.workflow.getHandle(payoutAttentionWorkflowId(id));
});

describe("spin cycle", () => {
  async function drawn(timings = {}): Promise<{ spinCycleId: string; workflowId: string; name: string }> {
    await world.database.query("delete from pool_entries");
    await world.say({ id: `user-${variant}`, displayName: "Viewer" }, "!twgold Norinn");
    return { ...(await world.spin(variant++, timings)), name: "Norinn" };
  }
  const verify = (id: string, online: boolean) =>
    world.desktop("POST", "/api/roulette/verify-candidate", report(id, "Norinn", online));

  it.each([
    ["won", true],
    ["offline", false],
  ] as const)("%s", async (outcome, online) => {
    const { spinCycleId, workflowId } = await drawn();
    await verify(spinCycleId, online);
    await keep(`spin-${outcome}`, workflowId);
  });
  it("refused", async () => {
    const { spinCycleId, workflowId } = await drawn();
    await world.database.query("delete from pool_entries");
    await verify(spinCycleId, true);
    await keep("spin-refused", workflowId);
  });
  it("unverified", async () => {
    const { workflowId } = await drawn({ intervalMs: 1_000, graceMs: 3_000 });
    await keep("spin-unverified", workflowId);
  });
  it("nobody eligible", async () => {
    await world.database.query("delete from pool_entries");
    const { workflowId } = await world.spin(variant++);
    await keep("spin-nobody-eligible", workflowId);
  });
  it("paused", async () => {
    await world.database.query("insert into channels (broadcaster_id, paused) values ($1, true)", [
      world.broadcasterId,
    ]);
    const workflowId = await start({ boundary: 0 });
    await keep("spin-paused", workflowId);
    await world.database.query("delete from channels");
  });
  it("missed: no boundary", async () => {
    await keep("spin-no-boundary", await start({ boundary: 1 }));
  });
  it("missed: too late", async () => {
    await keep("spin-missed", await start({ boundary: 0, timings: { ...world.timings, graceMs: 1, slackMs: 1 } }));
  });
  it("started by hand before its boundary", async () => {
    const timings = { ...world.timings, intervalMs: 2_000, graceMs: 1_000, slackMs: 100 };
    const boundary = Math.ceil(Date.now() / 2_000) * 2_000;
    await keep("spin-early", await start({ boundary, timings }));
  });

  async function start(input: object): Promise<string> {
    const workflowId = `recorded-${world.broadcasterId}-${variant++}`;
    await world.client.workflow.start("spinCycle", {
      workflowId,
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId, timings: world.timings, ...input }],
    });
    return workflowId;
  }
});

describe("reconcile", () => {
  it("a run", async () => {
    await world.reconcile();
    const workflowId = await eventually(async () => {
      const query = `WorkflowType = 'reconcile' and TaskQueue = '${world.taskQueue}'`;
      for await (const listed of world.client.workflow.list({ query })) return listed.workflowId;
      return null;
    });
    await keep("reconcile", workflowId);
  });
});

describe("gift", () => {
  const SHORT = { giftSelectMs: 2_000, giftConfirmMs: 2_000 };
  let gifts: Gifts;
  let hurried: World;
  beforeAll(async () => {
    gifts = giftsOf(world);
    hurried = await startWorld({ timings: SHORT, settings: twitchSettings() });
    await grantSubscriptions(hurried);
  });
  afterAll(() => hurried.stop());
  const handle = (id: string) => world.client.workflow.getHandle(giftWorkflowId(id));

  it("completed, after a wait behind another, and sent", async () => {
    const first = await gifts.askAndServe();
    const { id } = await gifts.ask();
    await gifts.fail(first.id, "no_items_available");
    await gifts.until(id, "SelectingItem");
    await gifts.select(id);
    await gifts.confirm(id, true);
    await gifts.sent(id);
    await keep("gift-completed", giftWorkflowId(id));
    await keep("gift-no-items", giftWorkflowId(first.id));
    await keep("gift-delivery-sent", giftDeliveryWorkflowId(id));
  });
  it("declined by signal, after one that was refused", async () => {
    const { id } = await gifts.askAndSelect();
    await handle(id).signal("failSignal", { reason: "because" });
    await handle(id).signal("confirmSignal", { confirmed: false });
    await keep("gift-declined-by-signal", giftWorkflowId(id));
  });
  it("failed while it waits", async () => {
    const first = await gifts.askAndServe();
    const { id } = await gifts.ask();
    await gifts.fail(id, "failed_by_streamer");
    await keep("gift-failed-waiting", giftWorkflowId(id));
    await gifts.fail(first.id, "failed_by_streamer");
  });
  it("cancelled by an operator who cancels the workflow", async () => {
    const { id } = await gifts.askAndServe();
    await handle(id).cancel();
    await keep("gift-workflow-cancelled", giftWorkflowId(id));
  });
  it("promoted again, after its row was put back", async () => {
    const { id } = await gifts.askAndServe();
    await gifts.setBack(id);
    await gifts.until(id, "SelectingItem");
    await gifts.fail(id, "failed_by_streamer");
    await keep("gift-promoted-again", giftWorkflowId(id));
  });
  it("sent while its item was selected", async () => {
    const { id } = await gifts.askAndServe();
    await gifts.sent(id);
    await keep("gift-sent-early", giftWorkflowId(id));
  });
  it("failed because its viewer's earlier gift was sent after all", async () => {
    const { id, viewerId } = await gifts.askAndSelect();
    await gifts.fail(id, "failed_by_streamer");
    const second = await gifts.askAndSelect(viewerId);
    await gifts.sent(id);
    await keep("gift-right-used-elsewhere", giftWorkflowId(second.id));
  });
  it("taken back after the hour in which it was not sent", async () => {
    const { id } = await gifts.askAndComplete();
    const delivery = world.client.workflow.getHandle(giftDeliveryWorkflowId(id));
    await eventually(() => delivery.describe().catch(() => null));
    await world.database.query(
      "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
      [id],
    );
    await delivery.signal("news");
    await delivery.signal("failSignal", { reason: "failed_by_streamer" });
    await keep("gift-delivery-taken-back", giftDeliveryWorkflowId(id));
  });
  it("whose wait for the mail was cancelled", async () => {
    const { id } = await gifts.askAndComplete();
    const delivery = world.client.workflow.getHandle(giftDeliveryWorkflowId(id));
    await eventually(() => delivery.describe().catch(() => null));
    await delivery.cancel();
    await keep("gift-delivery-cancelled", giftDeliveryWorkflowId(id));
  });
  it("timed out while an item is selected, and while the viewer is waited for", async () => {
    const soon = giftsOf(hurried);
    for (const viewer of ["one", "two"]) hurried.twitch.people.subscribe(viewer);
    const selecting = await soon.askAndServe("one");
    await keep("gift-selection-timeout", giftWorkflowId(selecting.id), hurried);
    const confirming = await soon.askAndSelect("two");
    await keep("gift-confirmation-timeout", giftWorkflowId(confirming.id), hurried);
  });
  it("of somebody of whom Twitch says no, or says nothing", async () => {
    const soon = giftsOf(hurried);
    const stranger = await soon.ask();
    await keep("gift-not-subscriber", giftWorkflowId(stranger.id), hurried);
    hurried.twitch.faults.add("subscriptions", { kind: "status", status: 503 }, 3);
    const unknown = await soon.ask();
    await keep("gift-twitch-silent", giftWorkflowId(unknown.id), hurried);
  });
  it("queue: run by run until nobody waits", async () => {
    await gifts.clear("idle");
    await world.stopWorker();
    const wishes = [await gifts.ask(), await gifts.ask(), await gifts.ask()];
    const workflowId = giftQueueWorkflowId(world.broadcasterId);
    const args = [{ broadcasterId: world.broadcasterId, maxEvents: 15 }];
    const first = await world.client.workflow.start("giftQueue", { workflowId, taskQueue: world.taskQueue, args });
    await world.startWorker();
    for (const { id } of wishes) {
      await gifts.until(id, "SelectingItem");
      await gifts.fail(id, "no_items_available");
    }
    await first.result();
    await keep("gift-queue-continued", workflowId, world, first.firstExecutionRunId);
    await keep("gift-queue", workflowId);
  });
});
