import { payoutAttentionWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { describe, expect, it } from "vitest";
import { withDeathAt } from "./test/death.ts";
import { type Answer, eventually, report, type World } from "./test/world.ts";

/*
 * A worker is killed at every point where a cycle or a payout waits for something, the caller tries again as a desktop
 * does, another worker takes over, and the story must end the same.
 */

const POINTS: [point: string, messages: number[]][] = [
  ["before storeDraw 1", [1]],
  ["after storeDraw 1", [1]],
  ["before decideCycle 1", [1]],
  ["after decideCycle 1", [1]],
  ["before projectPayout 1", [1]],
  ["after projectPayout 1", [1]],
  ["before projectPayout 2", [1]],
  ["after projectPayout 2", [1]],
  ["before projectPayout 3", [1]],
  ["after projectPayout 3", [1]],
  ["before announcePayout 1", [1]],
  // From here on the claim is written: whether the message went out is not known, so it is never sent again.
  ["before postToChat 1", [0]],
  ["after postToChat 1", [1]],
  ["after announcePayout 1", [1]],
];

async function untilTaken(ask: () => Promise<Answer>): Promise<Answer> {
  return await eventually(async () => {
    const answer = await ask();
    if (answer.status !== 200 && answer.status !== 503)
      throw new Error(`answered ${answer.status} ${answer.body?.code}`);
    return answer.status === 200 && answer;
  });
}

async function play(world: World): Promise<{ payoutId: string; workflowId: string }> {
  await world.say({ id: "winner", displayName: "Winner" }, "!twgold Norinn");
  const { spinCycleId, workflowId } = await world.spin();
  const verified = await untilTaken(() =>
    world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Norinn", true)),
  );
  const path = `/api/payouts/${verified.body.payoutId}`;
  await untilTaken(() => world.desktop("POST", `${path}/confirm-acceptance`, { characterName: "Norinn" }));
  await untilTaken(() => world.desktop("PATCH", `${path}/status`, { status: "InProgress" }));
  await untilTaken(() => world.desktop("POST", `${path}/confirm-mail-sent`));
  return { payoutId: verified.body.payoutId, workflowId };
}

async function eventsOf(world: World, payoutId: string): Promise<string[]> {
  const { rows } = await world.database.query(
    "select event, status from payout_events where payout_id = $1 and event <> 'mail_confirmed' order by event_number",
    [payoutId],
  );
  return rows.map(({ event, status }) => `${event} ${status}`);
}

describe.concurrent("a worker that is killed", () => {
  it.each(POINTS)(
    "%s ends the story no differently",
    async (point, messages) => {
      await withDeathAt(point, async (world, died) => {
        const { payoutId, workflowId } = await play(world);
        expect(await died).toBe("SIGKILL");
        const end = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
        expect(end.status).toBe("Sent");
        expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won", payoutId });
        expect(messages).toContain(world.twitch.chat.size);
        expect(await eventsOf(world, payoutId)).toEqual([
          "created Pending",
          "accepted Pending",
          "status InProgress",
          "status Sent",
        ]);
        for (const table of ["draws", "spin_cycles", "payouts"]) {
          expect((await world.database.query(`select from ${table}`)).rowCount).toBe(1);
        }
        expect((await world.database.query("select from pool_entries")).rowCount).toBe(0);
      });
    },
    120_000,
  );

  it.each(["before decideCycle 1", "after decideCycle 1"])(
    "%s, when nobody reports, ends the cycle once",
    async (point) => {
      await withDeathAt(point, async (world) => {
        await world.say({ id: "viewer", displayName: "Viewer" }, "!twgold Norinn");
        const { workflowId } = await world.spin(0, { intervalMs: 3_000, graceMs: 12_000 });
        expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "unverified" });
        const { rows } = await world.database.query("select outcome from spin_cycles");
        expect(rows).toEqual([{ outcome: "unverified" }]);
        expect((await world.database.query("select from payouts")).rowCount).toBe(0);
      });
    },
    120_000,
  );

  it.each(["before storeMissed 1", "after storeMissed 1"])(
    "%s leaves one missed cycle",
    async (point) => {
      await withDeathAt(point, async (world) => {
        const handle = await world.client.workflow.start("spinCycle", {
          workflowId: `missed-${world.broadcasterId}`,
          taskQueue: world.taskQueue,
          args: [
            { broadcasterId: world.broadcasterId, timings: { ...world.timings, graceMs: 1, slackMs: 1 }, boundary: 0 },
          ],
        });
        expect(await handle.result()).toMatchObject({ outcome: "missed" });
        expect((await world.database.query("select from spin_cycles")).rowCount).toBe(1);
      });
    },
    120_000,
  );

  it.each(["before projectPayout 1", "after projectPayout 1"])(
    "%s, when its time is over, expires it once",
    async (point) => {
      await withDeathAt(point, async (world) => {
        const { payoutId } = await world.win(0, "Norinn", { payoutTtlMs: 1, expiryGridMs: 1 });
        const result = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
        expect(result).toEqual({ status: "Expired", announcement: null });
        expect(await eventsOf(world, payoutId)).toEqual(["created Pending", "status Expired"]);
      });
    },
    120_000,
  );

  it.each(["before settleAttention 1", "after settleAttention 1"])(
    "%s settles once",
    async (point) => {
      await withDeathAt(point, async (world) => {
        const { payoutId } = await world.win();
        const path = `/api/payouts/${payoutId}`;
        await untilTaken(() => world.desktop("PATCH", `${path}/status`, { status: "Failed" }));
        expect((await world.desktop("POST", `${path}/confirm-mail-sent`)).body.needsAttention).toBe(true);
        const settled = await untilTaken(() => world.desktop("POST", `${path}/settle`, { note: "seen" }));
        expect(settled.body.needsAttention).toBe(false);
        await world.client.workflow.getHandle(payoutAttentionWorkflowId(payoutId)).result();
        expect((await eventsOf(world, payoutId)).filter((event) => event.startsWith("settled"))).toHaveLength(1);
      });
    },
    120_000,
  );
});
