import { payoutWorkflowId } from "@mgm/workflows/ids";
import { describe, expect, it } from "vitest";
import { engines } from "./test/engines.ts";
import { startProcess } from "./test/process.ts";
import { type Answer, eventually, report, startWorld, type World } from "./test/world.ts";

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

describe.concurrent("a worker that is killed", () => {
  it.each(POINTS)(
    "%s ends the story no differently",
    async (point, messages) => {
      const world = await startWorld({ worker: false });
      const script = "temporal/test/doomed-worker.ts";
      const settings = { ...world.environment, WORKFLOW_BUNDLE: engines().bundleFile };
      const doomed = startProcess(script, { ...settings, DIE_AT: point });
      const successor = doomed.ended.then(() => startProcess(script, settings));
      try {
        const { payoutId, workflowId } = await play(world);
        expect(await doomed.ended).toBe("SIGKILL");
        const end = await world.client.workflow.getHandle(payoutWorkflowId(payoutId)).result();
        expect(end.status).toBe("Sent");
        expect(await world.client.workflow.getHandle(workflowId).result()).toMatchObject({ outcome: "won", payoutId });
        expect(messages).toContain(world.twitch.chat.size);
        const { rows } = await world.database.query(
          "select event, status from payout_events where payout_id = $1 and event <> 'mail_confirmed' order by event_number",
          [payoutId],
        );
        expect(rows.map(({ event, status }) => `${event} ${status}`)).toEqual([
          "created Pending",
          "accepted Pending",
          "status InProgress",
          "status Sent",
        ]);
        for (const table of ["draws", "spin_cycles", "payouts"]) {
          expect((await world.database.query(`select from ${table}`)).rowCount).toBe(1);
        }
        expect((await world.database.query("select from pool_entries")).rowCount).toBe(0);
      } finally {
        doomed.child.kill("SIGKILL");
        await (await successor).kill();
        await world.stop();
      }
    },
    120_000,
  );
});
