import { requestGift } from "@mgm/activities/db/gift/request-gift";
import { recordReport } from "@mgm/activities/db/spin/record-report";
import { giftSnapshot } from "@mgm/activities/snapshots";
import { GIFT_WORKFLOW } from "@mgm/workflows/gift/messages";
import { giftStart } from "@mgm/workflows/gift/start";
import { giftQueueWorkflowId, giftWorkflowId, payoutWorkflowId } from "@mgm/workflows/ids";
import { Worker } from "@temporalio/worker";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Subject, type Subjects, subjectsOf } from "./runbook/subjects.ts";
import { engines } from "./test/engines.ts";
import { FROSTWEAVE, giftsOf } from "./test/gifts.ts";
import { eventually, startWorld, type Won, type World } from "./test/world.ts";
import "./test/quiet-runtime.ts";

/*
 * Messages that wait for a worker reach the workflow in one task and run side by side. Whichever is first, the history
 * must replay: a worker that takes over would be stuck otherwise.
 */

const ROUNDS = [1, 2, 3, 4, 5, 6, 7, 8];

let world: World;
let variant = 1;
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
      payouts.push(await world.win(100 + round, "Norinn"));
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

describe("what is told the same twice at once", () => {
  const atOnce = 4;
  // Its viewers are others each time.
  let subjects: Subjects;
  beforeAll(() => {
    subjects = subjectsOf(world);
  });
  beforeEach(() => world.database.query("delete from pool_entries"));
  const several = async (make: () => Promise<Subject>, count = atOnce): Promise<string[]> => {
    const workflowIds: string[] = [];
    while (workflowIds.length < count) workflowIds.push((await make()).workflowId);
    return workflowIds;
  };

  async function expectEnded(ids: readonly string[], result: unknown): Promise<void> {
    for (const id of ids) {
      expect(await world.client.workflow.getHandle(id).result()).toEqual(result);
      expect(await replay(id)).toBeNull();
    }
  }

  it.each([
    [true, "won"],
    [false, "offline"],
  ])("a cycle of its report (%s) replays", async (online, outcome) => {
    const receivedAt = Date.now();
    const ids = await several(
      async () => {
        const spin = await subjects.spin({
          intervalMs: world.timings.intervalMs + (online ? 2_000 : 3_000) + variant++,
        });
        const { broadcasterId } = world;
        await recordReport(world.database, {
          broadcasterId,
          spinCycleId: spin.id,
          online,
          capturedAt: receivedAt,
          receivedAt,
        });
        return spin;
        // Each winner must still be in the pool when the report is heard.
      },
      online ? 1 : atOnce,
    );
    const message = { characterName: "Spinner", online, receivedAt };
    await tellWithoutWorker(ids, [
      ["report", message],
      ["report", message],
      ["report", message],
    ]);
    const common = { spinCycleId: expect.any(String), outcome };
    await expectEnded(ids, { ...common, payoutId: online ? expect.any(String) : null });
  });

  it("an open question of what settles it replays", async () => {
    const ids = await several(subjects.attention);
    await tellWithoutWorker(ids, [
      ["settle", { note: "the mail was there", cause: "desktop" }],
      ["settle", { note: "so it was", cause: "desktop" }],
    ]);
    await expectEnded(ids, undefined);
  });

  it("a gift whose mail is awaited of what an operator knows replays", async () => {
    const gifts = giftsOf(world);
    const ids = await several(subjects.delivery);
    await world.stopWorker();
    for (const id of ids) {
      const delivery = world.client.workflow.getHandle(id);
      for (const signal of ["sentSignal", "news", "sentSignal", "news"]) await delivery.signal(signal, {});
    }
    await world.startWorker();
    await expectEnded(ids, { state: "Completed", failureReason: null });
    await gifts.clear();
  });
});

describe("gift requests that are told several things at once", () => {
  const gifts = () => giftsOf(world);

  /** A request of another channel than everybody else's, so that all of them are served at the same time. */
  async function askInChannel(broadcasterId: string): Promise<string> {
    const wish = { broadcasterId, viewerId: "viewer", viewerDisplayName: "Viewer", characterName: "Norinn" };
    const asked = await requestGift(world.database, { ...wish, timings: world.timings, receivedAt: Date.now() });
    if (!asked.ok) throw new Error(asked.code);
    const workflowId = giftWorkflowId(asked.gift.giftRequestId);
    const { taskQueue } = world;
    await world.client.workflow.start(GIFT_WORKFLOW, {
      ...giftStart(giftSnapshot(asked.gift)),
      workflowId,
      taskQueue,
    });
    return asked.gift.giftRequestId;
  }

  const channels = (what: string) => ROUNDS.map((round) => `${world.broadcasterId}-${what}-${round}`);
  const taken = { item: FROSTWEAVE, cause: "desktop" };
  const MESSAGES: [update: string, message: object][] = [
    ["confirm", { confirmed: true, cause: "log" }],
    ["fail", { reason: "failed_by_streamer", cause: "desktop" }],
    ["sent", { cause: "log" }],
    ["selectItem", taken],
    ["confirm", { confirmed: false, cause: "log" }],
  ];

  async function expectOneStory(ids: string[], named: string[], served: number): Promise<void> {
    for (const [place, id] of ids.entries()) {
      const result = await world.client.workflow.getHandle(giftWorkflowId(id)).result();
      const { state, failure_reason: failureReason } = await gifts().row(id);
      expect(result).toEqual({ state, failureReason });
      expect(await replay(giftWorkflowId(id))).toBeNull();
      const queueId = giftQueueWorkflowId(named[place] ?? "");
      expect(await world.client.workflow.getHandle(queueId).result()).toEqual({ served });
      expect(await replay(queueId)).toBeNull();
    }
  }

  it("replay, and say what their rows say", async () => {
    const named = channels("waiting");
    const ids = await Promise.all(named.map(askInChannel));
    for (const id of ids) {
      await gifts().until(id, "SelectingItem");
      await world.client.workflow.getHandle(giftWorkflowId(id)).executeUpdate("selectItem", { args: [taken] });
    }
    await tellWithoutWorker(ids.map(giftWorkflowId), MESSAGES);
    await expectOneStory(ids, named, 1);
  });

  it("replay also when they have not begun, and are promoted in the same moment", async () => {
    await world.stopWorker();
    const named = channels("young");
    const ids = await Promise.all(named.map(askInChannel));
    const signals = ["promote", "failSignal", "lookSignal", "sentSignal"];
    for (const [round, id] of ids.entries()) {
      for (const signal of turned(signals, round)) {
        const message = signal === "failSignal" ? [{ reason: "no_items_available" }] : [];
        await world.client.workflow.getHandle(giftWorkflowId(id)).signal(signal, ...message);
      }
    }
    await world.startWorker();
    // They had ended before the queue could ask for them.
    await expectOneStory(ids, named, 0);
  });
});

describe("a queue that an operator ends while it serves", () => {
  it.each(["terminate", "cancel"] as const)("by %s is back before anybody misses it", async (how) => {
    const gifts = giftsOf(world);
    const queue = world.client.workflow.getHandle(giftQueueWorkflowId(world.broadcasterId));
    const first = await gifts.askAndServe();
    const second = await gifts.ask();
    const { runId } = await queue.describe();
    await queue[how]();
    await eventually(async () => {
      const { status, runId: present } = await queue.describe();
      return present !== runId && status.name === "RUNNING";
    });
    await gifts.fail(first.id, "no_items_available");
    await gifts.until(second.id, "SelectingItem");
    await gifts.clear("idle");
  });
});
