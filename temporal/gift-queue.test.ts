import { giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { continuedFrom, EVENT_TYPE, expectPromotedByEnds, servedIn } from "./test/gift-queue-history.ts";
import { expectTaken, type GiftEventRow, type Gifts, giftsOf, type Wish } from "./test/gifts.ts";
import { eventually, startWorld, type World } from "./test/world.ts";

/** The time that somebody is left to. */
const SOON_MS = 2_000;

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());

const queue = () => world.client.workflow.getHandle(giftQueueWorkflowId(world.broadcasterId));
const workflowOf = (id: string) => world.client.workflow.getHandle(giftWorkflowId(id));
const isActive = ({ state }: GiftEventRow) => state === "SelectingItem" || state === "WaitingConfirmation";

/** Plays the event table: who was promoted, in which order, and how many were active at the most. */
function played(events: GiftEventRow[]): { promoted: string[]; mostActive: number } {
  const active = new Set<string>();
  const promoted: string[] = [];
  let mostActive = 0;
  for (const event of events) {
    if (isActive(event)) active.add(event.id);
    else active.delete(event.id);
    if (event.event === "promoted") promoted.push(event.id);
    mostActive = Math.max(mostActive, active.size);
  }
  return { promoted, mostActive };
}

/** In which order requests arrived. */
async function arrivals(): Promise<string[]> {
  const { rows } = await world.database.query<{ id: string }>(
    "select gift_request_id as id from gift_requests order by arrival",
  );
  return rows.map(({ id }) => id);
}

function hasActivityEnded(history: { events?: { eventType?: unknown }[] | null } | null): boolean {
  return history?.events?.some(({ eventType }) => String(eventType) === EVENT_TYPE.activityCompleted) ?? false;
}

describe("50 viewers at once", () => {
  const select = (id: string) => expectTaken(() => gifts.select(id));

  /** The ways in which it may end, one after the other. */
  const ends: ((wish: Wish) => Promise<unknown>)[] = [
    ({ id }) => expectTaken(() => gifts.fail(id, "no_items_available")),
    ({ id }) => select(id).then(() => expectTaken(() => gifts.confirm(id, true))),
    ({ id }) => select(id).then(() => expectTaken(() => gifts.confirm(id, false))),
    ({ id }) => workflowOf(id).terminate("by a test"),
    ({ id }) => workflowOf(id).cancel(),
    ({ id }) => expectTaken(() => gifts.sent(id)),
    ({ id }) => workflowOf(id).signal("failSignal", { reason: "ended_by_operator" }),
    ({ id }) => expectTaken(() => gifts.fail(id, "failed_by_streamer")),
  ];

  /** Requests whose times are over soon, made at an API of their own. */
  async function hurried(timings: Partial<World["timings"]>): Promise<Gifts> {
    const { port } = await world.startApi({ TIMINGS: JSON.stringify({ ...world.timings, ...timings }) });
    return giftsOf(world, world.twitch.events(`http://127.0.0.1:${port}/api/twitch/eventsub`));
  }

  it("are served one at a time in the order of their arrival, each by the end of the one before", async () => {
    const [soonToSelect, soonToConfirm] = await Promise.all([
      hurried({ giftSelectMs: SOON_MS }),
      hurried({ giftConfirmMs: SOON_MS }),
    ]);
    const others = Array.from({ length: 48 }, () => gifts.ask());
    const [unselected, unconfirmed, ...rest] = await Promise.all([soonToSelect.ask(), soonToConfirm.ask(), ...others]);
    const wishes = [unselected, unconfirmed, ...rest];
    const byId = new Map(wishes.map((wish) => [wish.id, wish]));
    const inOrder = (await arrivals()).map((id) => byId.get(id));
    for (const [place, wish] of inOrder.entries()) {
      if (wish === undefined) throw new Error("a request nobody made");
      if (wish === unselected) {
        // Looks at the list may take longer than it has.
        await gifts.until(wish.id, "Failed");
        continue;
      }
      await gifts.until(wish.id, "SelectingItem");
      const listed = (await gifts.list()).filter(({ queuePosition }) => queuePosition > 0);
      expect(listed[0]?.id).toBe(wish.id);
      expect(listed.map(({ queuePosition }) => queuePosition)).toEqual(listed.map((_, index) => index + 1));
      expect(listed).toHaveLength(50 - place);
      if (wish === unconfirmed) await select(wish.id).then(() => gifts.until(wish.id, "Failed"));
      else await ends[place % ends.length]?.(wish);
    }
    await eventually(async () => (await queue().describe()).status.name === "COMPLETED");
    const events = await gifts.events();
    expect(played(events)).toEqual({ promoted: inOrder.map((wish) => wish?.id), mostActive: 1 });
    const reasons = new Set(events.map(({ reason }) => reason));
    for (const reason of ["selection_timeout", "confirmation_timeout", "receiver_declined", "ended_by_operator"]) {
      expect(reasons).toContain(reason);
    }
    await expectPromotedByEnds(world, 50);
  }, 240_000);
});

describe("a queue", () => {
  it("ends when nobody waits, and comes back when somebody does", async () => {
    const before = (await queue().describe()).runId;
    const { id } = await gifts.askAndServe();
    const { runId, status } = await queue().describe();
    expect(runId).not.toBe(before);
    expect(status.name).toBe("RUNNING");
    await gifts.fail(id, "failed_by_streamer");
    await eventually(async () => (await queue().describe()).status.name === "COMPLETED");
  });

  it("loses nobody who arrives in the moment when it ends", async () => {
    for (let round = 0; round < 15; round++) {
      const first = await gifts.askAndServe();
      const [second] = await Promise.all([gifts.ask(), gifts.fail(first.id, "failed_by_streamer")]);
      await gifts.until(second.id, "SelectingItem");
      await gifts.fail(second.id, "failed_by_streamer");
    }
  });

  it("goes on past a request whose row a restored backup has put back, which has its turn again", async () => {
    const first = await gifts.askAndServe();
    const second = await gifts.ask();
    await gifts.setBack(first.id);
    const { timeout_at: timeoutAt } = await gifts.until(first.id, "SelectingItem");
    expect(timeoutAt).not.toBeNull();
    await expectTaken(() => gifts.select(first.id));
    await expectTaken(() => gifts.confirm(first.id, false));
    await gifts.until(second.id, "SelectingItem");
    await gifts.fail(second.id, "failed_by_streamer");
  });

  it("that an operator terminated is woken by the reconcile job and goes on where it was", async () => {
    const first = await gifts.askAndServe();
    const second = await gifts.ask();
    // It counts on the first one from now on.
    await eventually(async () =>
      hasActivityEnded(
        await workflowOf(second.id)
          .fetchHistory()
          .catch(() => null),
      ),
    );
    // While the worker is away: the activity that serves would find out, and wake the queue first.
    await world.stopWorker();
    await queue().terminate("by a test");
    await world.startWorker();
    await expectTaken(() => gifts.fail(first.id, "failed_by_streamer"));
    expect(await world.reconcile()).toMatchObject({ giftQueuesWoken: 1, giftsStarted: 0, giftsEnded: 0 });
    await gifts.until(second.id, "SelectingItem");
    await gifts.fail(second.id, "failed_by_streamer");
    expect(await world.reconcile()).toMatchObject({ giftQueuesWoken: 0 });
  });
});

describe("300 requests", () => {
  const MAX_EVENTS = 100;
  /** Three events come before the first, seven belong to each, and the run is continued at its limit. */
  const MOST_SERVED_IN_A_RUN = Math.ceil((MAX_EVENTS - 3) / 7);

  it("go through one queue that is continued as a new one, and nothing is lost on the way", async () => {
    await gifts.clear("idle");
    await world.stopWorker();
    const earlier = new Set(await arrivals());
    const wishes: Wish[] = [];
    for (let i = 0; i < 300; i += 25) {
      wishes.push(...(await Promise.all(Array.from({ length: 25 }, () => gifts.ask()))));
    }
    const input = { broadcasterId: world.broadcasterId, maxEvents: MAX_EVENTS };
    const workflowId = giftQueueWorkflowId(world.broadcasterId);
    const { taskQueue } = world;
    const handle = await world.client.workflow.start("giftQueue", { workflowId, taskQueue, args: [input] });
    await world.startWorker();
    const inOrder = (await arrivals()).filter((id) => !earlier.has(id));
    expect(inOrder).toHaveLength(wishes.length);
    for (const [place, id] of inOrder.entries()) {
      await gifts.until(id, "SelectingItem");
      if (place % 50 === 0) {
        const listed = await gifts.list();
        expect(listed.map((gift) => gift.id)).toEqual(inOrder.slice(place));
        expect(listed.map(({ queuePosition }) => queuePosition)).toEqual(listed.map((_, index) => index + 1));
      }
      // With so many the reconcile job reads the server's list, and that still tells who is gone.
      if (place === 100) await endsWhoIsGone();
      await expectTaken(() => gifts.fail(id, "no_items_available"));
    }
    expect(await handle.result()).toEqual({ served: 300 });
    const { promoted, mostActive } = played((await gifts.events()).filter(({ id }) => !earlier.has(id)));
    expect(promoted).toEqual(inOrder);
    expect(mostActive).toBe(1);
    const runs = await continuedFrom(world, handle.firstExecutionRunId);
    expect(servedIn(runs)).toBe(300);
    for (const run of runs) {
      expect(run.length).toBeLessThan(150);
      expect(servedIn([run])).toBeLessThanOrEqual(MOST_SERVED_IN_A_RUN);
    }
    // None is continued before its limit, and so many runs are what 300 requests take at the least.
    for (const run of runs.slice(0, -1)) expect(run.length).toBeGreaterThanOrEqual(MAX_EVENTS);
    expect(runs.length).toBeGreaterThanOrEqual(Math.ceil(300 / MOST_SERVED_IN_A_RUN));
  }, 300_000);

  async function endsWhoIsGone(): Promise<void> {
    const { id } = await gifts.ask();
    await gifts.until(id, "Pending");
    await workflowOf(id).terminate("by an operator");
    const ended = await eventually(async () => {
      const { giftsEnded, giftsStarted, giftQueuesWoken } = await world.reconcile();
      return giftsEnded > 0 && { giftsEnded, giftsStarted, giftQueuesWoken };
    });
    expect(ended).toEqual({ giftsEnded: 1, giftsStarted: 0, giftQueuesWoken: 0 });
    expect(await gifts.row(id)).toMatchObject({ state: "Failed", failure_reason: "ended_by_operator" });
  }
});
