import { payoutWorkflowId } from "@mgm/workflows/ids";
import { Worker } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "./test/engines.ts";
import { startWorld, type Won, type World } from "./test/world.ts";
import "./test/quiet-runtime.ts";

/*
 * Messages that wait for a worker reach the workflow in one task and run side by side. Whichever is first, the history
 * must replay: a worker that takes over would be stuck otherwise.
 */

const ROUNDS = [1, 2, 3, 4, 5, 6, 7, 8];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** Another first message in every workflow. */
function turned<Message>(messages: readonly Message[], by: number): Message[] {
  const at = by % messages.length;
  return [...messages.slice(at), ...messages.slice(0, at)];
}

async function tellWithoutWorker(workflowIds: string[], messages: [update: string, message: object][]): Promise<void> {
  await world.stopWorker();
  const told = workflowIds.flatMap((workflowId, round) =>
    turned(messages, round).map(([update, message]) =>
      world.client.workflow.getHandle(workflowId).executeUpdate(update, { args: [message] }),
    ),
  );
  // Who is second may be refused; who comes after the end finds nobody.
  const answers = Promise.allSettled(told);
  await world.startWorker();
  await answers;
}

async function replay(workflowId: string): Promise<unknown> {
  const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const options = { workflowBundle: { codePath: engines().bundleFile } };
  for await (const result of Worker.runReplayHistories(options, [{ workflowId, history }])) return result.error ?? null;
  throw new Error("nothing was replayed");
}

describe("payouts that are told several things at once", () => {
  it("replay", async () => {
    const payouts: Won[] = [];
    for (const round of ROUNDS) {
      await world.database.query("delete from pool_entries");
      payouts.push(await world.win(round, "Norinn"));
      await world.database.query("update payouts set twitch_user_id = twitch_user_id || $1", [`-${round}`]);
    }
    const ids = payouts.map(({ payoutId }) => payoutWorkflowId(payoutId));
    const consent = { characterName: "Norinn", receivedAt: Date.now() };
    await tellWithoutWorker(ids, [
      ["confirmMail", {}],
      ["accept", consent],
      ["changeStatus", { status: "InProgress", cause: "desktop" }],
      ["accept", consent],
    ]);
    for (const id of ids) {
      expect(await world.client.workflow.getHandle(id).result()).toMatchObject({ status: "Sent" });
      expect(await replay(id)).toBeNull();
    }
  });
});
