import { randomUUID } from "node:crypto";
import { giftQueueWorkflowId, payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { RECONCILE_WORKFLOW } from "@mgm/workflows/reconcile/messages";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { report, startWorld, type World } from "../test/world.ts";
import { pageEnds } from "./page.ts";
import { eventuallyHolds, expectConsistent, lastPayoutEvent, payoutOf } from "./read-model.ts";
import { type Subject, type Subjects, subjectsOf } from "./subjects.ts";

/* Every workflow, cancelled and terminated by an operator: one run of the reconcile job later all fits together. */

let world: World;
let subjects: Subjects;
beforeAll(async () => {
  world = await startWorld();
  subjects = subjectsOf(world);
});
afterAll(() => world.stop());
afterEach(() => subjects.gifts.clear("idle"));

const workflow = (id: string) => world.client.workflow.getHandle(id);
const statusOf = async (id: string) => (await workflow(id).describe()).status.name;

type End = "cancelled" | "terminated";

async function end(workflowId: string, how: End): Promise<void> {
  if (how === "cancelled") await workflow(workflowId).cancel();
  else await workflow(workflowId).terminate("by an operator");
}

interface Case {
  begin(): Promise<Subject>;
  /** What was promised, besides that everything fits together. */
  look(subject: Subject, how: End): Promise<void>;
}

const CASES: Readonly<Record<string, Case>> = {
  payout: {
    begin: () => subjects.payout(),
    async look({ id }, how) {
      const isCancelled = how === "cancelled";
      expect(await payoutOf(world, id)).toMatchObject({
        status: isCancelled ? "Cancelled" : "Failed",
        needsAttention: !isCancelled,
      });
      expect(await lastPayoutEvent(world, id)).toMatchObject(
        isCancelled ? { event: "status", cause: "operator" } : { event: "attention", cause: "server" },
      );
    },
  },
  payoutAttention: {
    begin: () => subjects.attention(),
    async look({ id, workflowId }, how) {
      expect(await payoutOf(world, id)).toMatchObject({ status: "Failed", needsAttention: how === "terminated" });
      expect(await statusOf(workflowId)).toBe(how === "terminated" ? "RUNNING" : "COMPLETED");
    },
  },
  gift: {
    begin: () => subjects.gift(),
    async look({ id }) {
      expect(await subjects.gifts.row(id)).toMatchObject({ state: "Failed", failure_reason: "ended_by_operator" });
    },
  },
  giftQueue: {
    async begin() {
      const gift = await subjects.gift();
      return { ...gift, workflowId: giftQueueWorkflowId(world.broadcasterId) };
    },
    async look({ id, workflowId }) {
      expect(await subjects.gifts.row(id)).toMatchObject({ state: "SelectingItem" });
      expect(await statusOf(workflowId)).toBe("RUNNING");
      const next = await subjects.gifts.ask();
      await subjects.gifts.fail(id, "failed_by_streamer");
      await subjects.gifts.until(next.id, "SelectingItem");
    },
  },
  giftDelivery: {
    begin: () => subjects.delivery(),
    async look({ id, workflowId }, how) {
      const row = await subjects.gifts.row(id);
      if (how === "cancelled") expect(row).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
      else expect(row).toMatchObject({ state: "Completed", failure_reason: null });
      expect(await statusOf(workflowId)).toBe(how === "cancelled" ? "COMPLETED" : "RUNNING");
    },
  },
  spinCycle: {
    begin: () => subjects.spin(),
    async look({ id }) {
      const path = "/api/roulette/verify-candidate";
      const answer = () => world.desktop("POST", path, report(id, "Spinner", true));
      // The report is kept although nobody could answer it.
      expect((await answer()).status).toBe(503);
      await world.reconcile();
      const { status, body } = await answer();
      expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: "won" });
      expect(await statusOf(payoutWorkflowId(body.payoutId))).toBe("RUNNING");
      await world.desktop("PATCH", `/api/payouts/${body.payoutId}/status`, { status: "Cancelled" });
    },
  },
  reconcile: {
    async begin() {
      // Something that it would mend.
      const { id, workflowId: vanished } = await subjects.payout();
      await world.stopWorker();
      await end(vanished, "terminated");
      const workflowId = `reconcile-${randomUUID()}`;
      const { taskQueue, broadcasterId } = world;
      const args = [{ broadcasterId, settleAfterMs: -60_000 }];
      await world.client.workflow.start(RECONCILE_WORKFLOW, { workflowId, taskQueue, args });
      return { id, workflowId, values: {} };
    },
    async look({ id, workflowId }, how) {
      expect(await statusOf(workflowId)).toBe(how === "cancelled" ? "CANCELLED" : "TERMINATED");
      expect(await payoutOf(world, id)).toMatchObject({ status: "Failed", needsAttention: true });
    },
  },
};

const ENDS = Object.keys(CASES).flatMap((type) => (["cancelled", "terminated"] as const).map((how) => ({ type, how })));

describe("a workflow that an operator ends", () => {
  it("is one of those that the runbook names", () => {
    expect(pageEnds().sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(ENDS)("$type, $how", async ({ type, how }) => {
    const { begin, look } = CASES[type] as Case;
    const subject = await begin();
    await end(subject.workflowId, how);
    if (type === "reconcile") await world.startWorker();
    await eventuallyHolds(async () => expect(await isEnded(subject.workflowId)).toBe(true));
    if (type === "reconcile") {
      expect(await payoutOf(world, subject.id)).toMatchObject({ status: "Pending" });
      await expect(expectConsistent(world)).rejects.toThrow();
    }
    await world.reconcile();
    await eventuallyHolds(() => expectConsistent(world));
    await look(subject, how);
    await world.reconcile();
    await eventuallyHolds(() => expectConsistent(world));
  });

  it("a spin without a report: unverified when its time is over", async () => {
    const { id, workflowId } = await subjects.spin();
    await end(workflowId, "cancelled");
    await eventuallyHolds(async () => expect(await statusOf(workflowId)).toBe("CANCELLED"));
    await world.database.query(
      "update spin_cycles set verify_until = now() - interval '1 minute' where spin_cycle_id = $1",
      [id],
    );
    await world.reconcile();
    const { rows } = await world.database.query("select outcome from spin_cycles where spin_cycle_id = $1", [id]);
    expect(rows).toEqual([{ outcome: "unverified" }]);
    await eventuallyHolds(() => expectConsistent(world));
  });

  it("a payout whose row has ended without it: it is told, and ends", async () => {
    const { id, workflowId } = await subjects.payout();
    await world.database.query("update payouts set status = 'Failed', version = version + 1 where payout_id = $1", [
      id,
    ]);
    await eventuallyHolds(async () => await expect(expectConsistent(world)).rejects.toThrow());
    await world.reconcile();
    await eventuallyHolds(() => expectConsistent(world));
    expect(await statusOf(workflowId)).toBe("COMPLETED");
  });

  it("a payout that is terminated: a mail confirmation is kept, other writes wait for the reconcile job", async () => {
    const { id, workflowId } = await subjects.payout();
    await end(workflowId, "terminated");
    const patch = () => world.desktop("PATCH", `/api/payouts/${id}/status`, { status: "Cancelled" });
    expect((await patch()).status).toBe(503);
    await world.desktop("POST", `/api/payouts/${id}/confirm-mail-sent`);
    await world.reconcile();
    expect(await patch()).toMatchObject({ status: 409, body: { code: "terminal_status_change_not_allowed" } });
    const payout = await payoutOf(world, id);
    expect(payout).toMatchObject({ status: "Failed", needsAttention: true });
    expect(payout?.mailConfirmedAt).toEqual(expect.any(String));
    await workflow(payoutAttentionWorkflowId(id)).executeUpdate("settle", { args: [{ note: "seen" }] });
    expect(await payoutOf(world, id)).toMatchObject({ needsAttention: false });
    await eventuallyHolds(() => expectConsistent(world));
  });
});

/** The queue and the questions may run again by the time that anybody looks: an end is a change of the run. */
async function isEnded(workflowId: string): Promise<boolean> {
  const runs = [];
  for await (const { status } of world.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    runs.push(status.name);
  }
  return runs.some((status) => status !== "RUNNING");
}
