import { randomUUID } from "node:crypto";
import { failVanishedPayout } from "@mgm/activities/db/reconcile/fail-vanished";
import { payoutAttentionWorkflowId, payoutWorkflowId, reconcileScheduleId, spinScheduleId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureSchedules } from "./schedule.ts";
import { eventually, report, startWorld, type World } from "./test/world.ts";

let world: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.query("delete from pool_entries");
});

const NOTHING = {
  payoutsStarted: 0,
  payoutsFailed: 0,
  payoutsTold: 0,
  confirmationsRepeated: 0,
  cyclesDecided: 0,
  attentionsStarted: 0,
  giftsStarted: 0,
  giftsEnded: 0,
  giftsTold: 0,
  giftQueuesWoken: 0,
  giftDeliveriesStarted: 0,
  rowsPruned: 0,
};

const workflow = (id: string) => world.client.workflow.getHandle(id);

async function drawn(timings = {}): Promise<{ spinCycleId: string; workflowId: string }> {
  await world.say({ id: `user-${variant}`, displayName: "Viewer" }, "!twgold Norinn");
  return await world.spin(variant++, timings);
}

async function cycleOf(spinCycleId: string): Promise<{ outcome: string | null; payout_id: string | null }> {
  const { rows } = await world.database.query("select outcome, payout_id from spin_cycles where spin_cycle_id = $1", [
    spinCycleId,
  ]);
  return rows[0];
}

const statusOf = async (payoutId: string): Promise<string> =>
  (await world.database.query("select status from payouts where payout_id = $1", [payoutId])).rows[0].status;

/** A payout row whose workflow was never started. */
async function lonelyPayout(): Promise<string> {
  const payoutId = randomUUID();
  await world.database.query(
    `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name,
       character_name, enrollment_request_id, copper, status, version, created_at, updated_at, expires_at,
       visible_from, timings)
     values ($1, $2, $3, 'lonely', 'Lonely', 'Lonely', 'r', 10000000, 'Pending', 1, now(), now(),
             now() + interval '1 day', now(), $4)`,
    [payoutId, world.broadcasterId, randomUUID(), JSON.stringify(world.timings)],
  );
  return payoutId;
}

describe("the reconcile job", () => {
  it("has nothing to do when all is well, however often it runs", async () => {
    const { payoutId } = await world.win(variant++);
    expect(await world.reconcile()).toEqual(NOTHING);
    expect(await world.reconcile()).toEqual(NOTHING);
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Failed" });
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it("starts the workflow of a payout row that has none", async () => {
    const payoutId = await lonelyPayout();
    expect(await world.reconcile()).toEqual({ ...NOTHING, payoutsStarted: 1 });
    expect((await workflow(payoutWorkflowId(payoutId)).describe()).status.name).toBe("RUNNING");
    expect(await world.reconcile()).toEqual(NOTHING);
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Cancelled" });
  });

  it("is not waited for by the first write to such a row", async () => {
    const path = `/api/payouts/${await lonelyPayout()}/status`;
    const answer = await world.desktop("PATCH", path, { status: "Cancelled" });
    expect(answer).toMatchObject({ status: 200, body: { status: "Cancelled" } });
  });

  it("starts such a row as Sent when its mail was confirmed meanwhile", async () => {
    const payoutId = await lonelyPayout();
    await world.database.query(
      "update payouts set mail_confirmed_at = now(), mail_confirmed_by = 'log' where payout_id = $1",
      [payoutId],
    );
    expect(await world.reconcile()).toEqual({ ...NOTHING, payoutsStarted: 1 });
    expect(await workflow(payoutWorkflowId(payoutId)).result()).toMatchObject({ status: "Sent" });
  });

  it("leaves alone what is too young to be lost", async () => {
    const { payoutId } = await world.win(variant++);
    await workflow(payoutWorkflowId(payoutId)).terminate("by a test");
    const { spinCycleId, workflowId } = await drawn();
    await workflow(workflowId).terminate("by a test");
    await world.database.query("update spin_cycles set reported_online = false where spin_cycle_id = $1", [
      spinCycleId,
    ]);
    const young = await world.client.workflow.execute("reconcile", {
      workflowId: `reconcile-${randomUUID()}`,
      taskQueue: world.taskQueue,
      args: [{ broadcasterId: world.broadcasterId }],
    });
    expect(young).toEqual(NOTHING);
    expect(await world.reconcile()).toEqual({ ...NOTHING, cyclesDecided: 1, payoutsFailed: 1, attentionsStarted: 1 });
    await world.desktop("POST", `/api/payouts/${payoutId}/settle`, { note: "seen" });
  });

  it("does not fail a payout that ended while it was looking", async () => {
    const { payoutId } = await world.win(variant++);
    await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    const { broadcasterId } = world;
    expect(await failVanishedPayout(world.database, { broadcasterId, payoutId, at: Date.now() })).toBeNull();
    expect(await statusOf(payoutId)).toBe("Sent");
  });

  it("decides a cycle whose workflow is gone by the report that was recorded, and begins its payout", async () => {
    const { spinCycleId, workflowId } = await drawn();
    await workflow(workflowId).terminate("by a test");
    const answer = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true));
    expect(answer).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    expect(await world.reconcile()).toEqual({ ...NOTHING, cyclesDecided: 1, payoutsStarted: 1 });
    const again = await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true));
    expect(again).toMatchObject({ status: 200, body: { outcome: "won" } });
    expect((await workflow(payoutWorkflowId(again.body.payoutId)).describe()).status.name).toBe("RUNNING");
    await world.desktop("PATCH", `/api/payouts/${again.body.payoutId}/status`, { status: "Cancelled" });
  });

  it.each([
    ["whose report is lost", null],
    ["whose report is recorded", true],
  ])("takes a payout that was restored without its cycle for the outcome of one %s", async (_, reported) => {
    const { spinCycleId, workflowId } = await drawn();
    await workflow(workflowId).terminate("by a test");
    const payoutId = await lonelyPayout();
    await world.database.query("update payouts set spin_cycle_id = $2, status = 'Failed' where payout_id = $1", [
      payoutId,
      spinCycleId,
    ]);
    await world.database.query(
      "update spin_cycles set reported_online = $2, verify_until = now() - interval '1 day' where spin_cycle_id = $1",
      [spinCycleId, reported],
    );
    expect(await world.reconcile()).toEqual({ ...NOTHING, cyclesDecided: 1 });
    expect(await cycleOf(spinCycleId)).toEqual({ outcome: "won", payout_id: payoutId });
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it("leaves a cycle without workflow alone while a report may come, and ends it as unverified after that", async () => {
    const { spinCycleId, workflowId } = await drawn({ slackMs: 30_000 });
    await workflow(workflowId).terminate("by a test");
    const endedBefore = (seconds: number) =>
      world.database.query(
        "update spin_cycles set verify_until = now() - $2 * interval '1 second' where spin_cycle_id = $1",
        [spinCycleId, seconds],
      );
    expect(await world.reconcile()).toEqual(NOTHING);
    await endedBefore(10);
    expect(await world.reconcile()).toEqual(NOTHING);
    expect((await cycleOf(spinCycleId)).outcome).toBeNull();
    await endedBefore(40);
    expect(await world.reconcile()).toEqual({ ...NOTHING, cyclesDecided: 1 });
    expect((await cycleOf(spinCycleId)).outcome).toBe("unverified");
  });

  it("tells a payout once more of a confirmation that never reached it", async () => {
    const { payoutId } = await world.win(variant++);
    await world.database.query(
      "update payouts set mail_confirmed_at = now(), mail_confirmed_by = 'log' where payout_id = $1",
      [payoutId],
    );
    expect(await world.reconcile()).toEqual({ ...NOTHING, confirmationsRepeated: 1 });
    expect(await workflow(payoutWorkflowId(payoutId)).result()).toMatchObject({ status: "Sent" });
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it.each(["Failed", "Sent"])("wakes the workflow of a payout whose row became %s without it", async (status) => {
    const { payoutId } = await world.win(variant++);
    // As a worker leaves it that dies after it wrote the row and before the server knew.
    await world.database.query("update payouts set status = $2, version = version + 1 where payout_id = $1", [
      payoutId,
      status,
    ]);
    expect(await world.reconcile()).toEqual({ ...NOTHING, payoutsTold: 1 });
    const announcement = status === "Sent" ? "sent" : null;
    expect(await workflow(payoutWorkflowId(payoutId)).result()).toEqual({ status, announcement });
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it("looks at an ended payout until it has seen its workflow closed, however long ago it ended, and not again", async () => {
    const { payoutId } = await world.win(variant++);
    const seen = async () =>
      (await world.database.query("select workflow_ended from payouts where payout_id = $1", [payoutId])).rows[0];
    await world.database.query(
      `update payouts set status = 'Cancelled', version = version + 1, updated_at = now() - interval '3 days'
        where payout_id = $1`,
      [payoutId],
    );
    expect(await world.reconcile()).toEqual({ ...NOTHING, payoutsTold: 1 });
    expect(await seen()).toEqual({ workflow_ended: false });
    await workflow(payoutWorkflowId(payoutId)).result();
    expect(await world.reconcile()).toEqual(NOTHING);
    expect(await seen()).toEqual({ workflow_ended: true });
  });

  it("puts a payout that waits for attention before the operators again", async () => {
    const { payoutId } = await world.win(variant++);
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Failed" });
    await world.desktop("POST", `/api/payouts/${payoutId}/confirm-mail-sent`);
    const waiting = workflow(payoutAttentionWorkflowId(payoutId));
    await waiting.terminate("by a test");
    expect(await world.reconcile()).toEqual({ ...NOTHING, attentionsStarted: 1 });
    expect((await waiting.describe()).status.name).toBe("RUNNING");
    await waiting.cancel();
    await waiting.result();
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it("forgets message ids after 30 days, and not before", async () => {
    await world.say({ id: "old", displayName: "Old" }, "!twgold Oldone");
    await world.say({ id: "new", displayName: "New" }, "!twgold Newone");
    const age = (user: string, days: number) =>
      world.database.query(
        "update command_messages set received_at = now() - $2 * interval '1 day' where twitch_user_id = $1",
        [user, days],
      );
    await age("old", 31);
    await age("new", 29);
    expect(await world.reconcile()).toEqual({ ...NOTHING, rowsPruned: 1 });
    expect((await world.database.query("select from command_messages where twitch_user_id = 'new'")).rowCount).toBe(1);
  });

  it("forgets lists of draws 30 days after the last draw from them, and not before", async () => {
    const age = (hash: string, days: number) =>
      world.database.query(
        `insert into draw_lists (broadcaster_id, list_hash, names_deflated, last_drawn_at)
         values ($1, $2, '', now() - $3 * interval '1 day')`,
        [world.broadcasterId, hash, days],
      );
    await age("old", 31);
    await age("new", 29);
    expect(await world.reconcile()).toEqual({ ...NOTHING, rowsPruned: 1 });
    const kept = await world.database.query("select list_hash from draw_lists where list_hash in ('old', 'new')");
    expect(kept.rows).toEqual([{ list_hash: "new" }]);
  });

  it("empties the wheels of spins after 30 days, and not before: names on them are of people who were never drawn", async () => {
    const age = (days: number) =>
      world.database.query(
        `insert into spin_cycles (spin_cycle_id, broadcaster_id, boundary_at, drawn_at, workflow_id, timings,
                                  verify_until, candidate_name, wheel, outcome)
         select gen_random_uuid(), $1, at, at, 'spin-' || $2, '{}', at, 'Drawn', array['Drawn', 'Never'], 'offline'
           from (select now() - $2 * interval '1 day' as at) as boundary`,
        [world.broadcasterId, days],
      );
    await age(31);
    await age(29);
    expect(await world.reconcile()).toEqual({ ...NOTHING, rowsPruned: 1 });
    const kept = await world.database.query(
      "select candidate_name, wheel from spin_cycles where workflow_id in ('spin-31', 'spin-29') order by boundary_at",
    );
    expect(kept.rows).toEqual([
      { candidate_name: "Drawn", wheel: [] },
      { candidate_name: "Drawn", wheel: ["Drawn", "Never"] },
    ]);
    expect(await world.reconcile()).toEqual(NOTHING);
  });

  it("runs by a schedule, which is brought up to date and not doubled by another start", async () => {
    const schedules = [reconcileScheduleId(world.broadcasterId), spinScheduleId(world.broadcasterId)];
    await ensureSchedules(world.client, { ...world, timings: world.timings });
    await world.client.schedule.getHandle(spinScheduleId(world.broadcasterId)).pause("by a test");
    await ensureSchedules(world.client, {
      ...world,
      timings: { ...world.timings, intervalMs: 600_000, graceMs: 30_000 },
    });
    const spins = await world.client.schedule.getHandle(spinScheduleId(world.broadcasterId)).describe();
    expect(spins.spec.intervals?.map(({ every }) => every)).toEqual([600_000]);
    expect(spins.policies).toMatchObject({ overlap: "ALLOW_ALL", catchupWindow: 30_000 + world.timings.slackMs });
    expect(spins.state.paused).toBe(true);
    const handle = world.client.schedule.getHandle(reconcileScheduleId(world.broadcasterId));
    await handle.trigger();
    const run = await eventually(async () => (await handle.describe()).info.recentActions[0]?.action.workflow);
    expect(await workflow(run.workflowId).result()).toEqual(NOTHING);
    for (const id of schedules) await world.client.schedule.getHandle(id).delete();
  });
});
