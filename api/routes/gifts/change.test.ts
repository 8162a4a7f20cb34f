import { randomUUID } from "node:crypto";
import { giftDeliveryWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectTaken, FROSTWEAVE, type Gifts, giftsOf } from "../../../temporal/test/gifts.ts";
import { eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());
// Whatever a test leaves open would keep the next one waiting.
afterEach(() => gifts.clear());

const DESKTOP = randomUUID();

describe("a gift, step by step", () => {
  it("goes from chat to the mail that was sent", async () => {
    const { id, viewerId, characterName } = await gifts.askAndServe();
    const [served] = await gifts.list();
    expect(served).toMatchObject({
      id,
      streamerId: world.broadcasterId,
      viewerId,
      viewerDisplayName: `Viewer ${characterName}`,
      characterName,
      state: "SelectingItem",
      selectedItem: null,
      queuePosition: 1,
      estimatedWaitSeconds: 0,
      failureReason: null,
      deliveredAt: null,
      needsAttention: false,
      selectedBy: null,
    });
    const isAfter = (from: string, to: string | null): number => Date.parse(to ?? "") - Date.parse(from);
    expect(isAfter(served?.updatedAt ?? "", served?.timeoutAt ?? null)).toBeGreaterThan(59_000);
    const selected = await gifts.select(id, FROSTWEAVE, { id: DESKTOP });
    expect(selected).toMatchObject({
      status: 200,
      body: { state: "WaitingConfirmation", selectedItem: FROSTWEAVE, selectedBy: DESKTOP, queuePosition: 1 },
    });
    expect(isAfter(selected.body.updatedAt, selected.body.timeoutAt)).toBeGreaterThan(299_000);
    expect(await gifts.confirm(id, true)).toMatchObject({
      status: 200,
      body: { state: "Completed", timeoutAt: null, deliveredAt: null, queuePosition: 0, estimatedWaitSeconds: 0 },
    });
    expect(await gifts.used()).toContain(viewerId);
    expect((await gifts.list()).map((gift) => gift.id)).toEqual([id]);
    await gifts.untilDeliveryBegins(id);
    const sent = await gifts.sent(id);
    expect(sent).toMatchObject({ status: 200, body: { state: "Completed", deliveredAt: expect.any(String) } });
    expect(await gifts.list()).toEqual([]);
    const delivery = await world.client.workflow.getHandle(giftDeliveryWorkflowId(id)).result();
    expect(delivery).toEqual({ state: "Completed", failureReason: null });
    const { events } = await world.client.workflow.getHandle(giftWorkflowId(id)).fetchHistory();
    const timers = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout ?? []);
    // Set for what is left when the row was written: up to 60 s, up to 5 min.
    const seconds = timers.map((timer) => Math.ceil((Number(timer.seconds) + (timer.nanos ?? 0) / 1e9) / 30) * 30);
    expect(seconds).toEqual([60, 300]);
    const story = (await gifts.events()).filter((event) => event.id === id);
    expect(story.map(({ event, state, cause }) => `${event} ${state} ${cause}`)).toEqual([
      "requested Pending server",
      "promoted SelectingItem server",
      "item_selected WaitingConfirmation desktop",
      "answered Completed log",
      "sent Completed log",
    ]);
  });
});

const refused = (code: string, status = 409) => ({ status, body: { code } });
const OTHER_ITEM = { ...FROSTWEAVE, slotId: 3 };

describe("select-item", () => {
  it("is not for a request that waits for its turn", async () => {
    await gifts.askAndServe();
    const { id } = await gifts.ask();
    expect(await gifts.select(id)).toMatchObject(refused("invalid_state"));
    expect((await gifts.list()).map(({ queuePosition }) => queuePosition)).toEqual([1, 2]);
  });

  it("repeats what was selected in every state, and nothing else", async () => {
    const { id } = await gifts.askAndSelect();
    const same = { status: 200, body: { selectedItem: FROSTWEAVE } };
    expect(await gifts.select(id)).toMatchObject(same);
    expect(await gifts.select(id, OTHER_ITEM)).toMatchObject(refused("invalid_state"));
    await gifts.confirm(id, true);
    expect(await gifts.select(id)).toMatchObject(same);
    expect(await gifts.select(id, OTHER_ITEM)).toMatchObject(refused("invalid_state"));
    await gifts.fail(id, "failed_by_streamer");
    expect(await gifts.select(id)).toMatchObject({ status: 200, body: { state: "Failed" } });
  });

  it.each([
    ["no item", {}],
    ["a field missing", { item: { ...FROSTWEAVE, texture: undefined } }],
    ["a count of nothing", { item: { ...FROSTWEAVE, count: 0 } }],
    ["an id of nothing", { item: { ...FROSTWEAVE, id: 0 } }],
    ["a bag before the first", { item: { ...FROSTWEAVE, bagId: -1 } }],
    ["a slot before the first", { item: { ...FROSTWEAVE, slotId: -1 } }],
    ["half a slot", { item: { ...FROSTWEAVE, slotId: 0.5 } }],
    ["a name that is too long", { item: { ...FROSTWEAVE, name: "ы".repeat(256) } }],
    ["no name", { item: { ...FROSTWEAVE, name: "" } }],
    ["half a character", { item: { ...FROSTWEAVE, link: "\uD83D" } }],
    ["NUL", { item: { ...FROSTWEAVE, texture: "a\0b" } }],
  ])("refuses %s", async (_, body) => {
    const { id } = await gifts.askAndServe();
    const answer = await world.desktop("POST", `/api/gift-requests/${id}/select-item`, body);
    expect(answer).toMatchObject(refused("invalid_payload", 400));
    expect((await gifts.row(id)).state).toBe("SelectingItem");
  });

  it("takes the longest name, of letters of two bytes", async () => {
    const { id } = await gifts.askAndServe();
    const item = { ...FROSTWEAVE, name: "ы".repeat(255), link: `|h[${"]|'\"".repeat(50)}]|h` };
    expect(await gifts.select(id, item)).toMatchObject({ status: 200, body: { selectedItem: item } });
  });
});

describe("confirm", () => {
  it("is not for a request without an item", async () => {
    const { id } = await gifts.askAndServe();
    expect(await gifts.confirm(id, true)).toMatchObject(refused("invalid_state"));
    expect(await gifts.confirm(id, false)).toMatchObject(refused("invalid_state"));
  });

  it("declines, which leaves the viewer their right", async () => {
    const { id, viewerId } = await gifts.askAndSelect();
    const declined = { status: 200, body: { state: "Failed", failureReason: "receiver_declined" } };
    expect(await gifts.confirm(id, false)).toMatchObject(declined);
    expect(await gifts.confirm(id, false)).toMatchObject(declined);
    expect(await gifts.confirm(id, true)).toMatchObject(refused("invalid_state"));
    expect(await gifts.used()).not.toContain(viewerId);
    await gifts.askAndServe(viewerId);
  });

  it("agrees once, in every state after that", async () => {
    const { id } = await gifts.askAndComplete();
    expect(await gifts.confirm(id, true)).toMatchObject({ status: 200, body: { state: "Completed" } });
    expect(await gifts.confirm(id, false)).toMatchObject(refused("invalid_state"));
    await gifts.fail(id, "failed_by_streamer");
    expect(await gifts.confirm(id, true)).toMatchObject({ status: 200, body: { state: "Failed" } });
  });

  it("is recorded while no worker runs, and stands when one comes", async () => {
    const { id } = await gifts.askAndSelect();
    await world.stopWorker();
    expect(await gifts.confirm(id, true)).toMatchObject(refused("temporarily_unavailable", 503));
    expect(await gifts.row(id)).toMatchObject({ state: "WaitingConfirmation", agreed: true });
    // The first answer stands; what contradicts it is not taken for it.
    expect(await gifts.confirm(id, false)).toMatchObject(refused("temporarily_unavailable", 503));
    await world.startWorker();
    expect((await gifts.until(id, "Completed")).failure_reason).toBeNull();
    expect(await gifts.confirm(id, false)).toMatchObject(refused("invalid_state"));
  });

  it("is refused when it comes too late", async () => {
    const { id } = await gifts.askAndSelect();
    await world.database.query(
      "update gift_requests set timeout_at = now() - interval '1 s' where gift_request_id = $1",
      [id],
    );
    expect(await gifts.confirm(id, true)).toMatchObject(refused("invalid_state"));
  });
});

describe("failing", () => {
  it.each(["no_items_available", "receiver_declined", "failed_by_streamer"])(
    "takes %s in an open state",
    async (reason) => {
      const { id, viewerId } = await gifts.askAndServe();
      const waiting = await gifts.ask();
      const failed = {
        status: 200,
        body: { state: "Failed", failureReason: reason, queuePosition: 0, timeoutAt: null },
      };
      expect(await gifts.fail(waiting.id, reason)).toMatchObject(failed);
      expect(await gifts.fail(id, reason)).toMatchObject(failed);
      expect(await gifts.fail(id, reason)).toMatchObject(failed);
      const another = reason === "receiver_declined" ? "failed_by_streamer" : "receiver_declined";
      expect(await gifts.fail(id, another)).toMatchObject(refused("invalid_state"));
      expect(await gifts.used()).not.toContain(viewerId);
    },
  );

  it.each(["selection_timeout", "confirmation_timeout", "not_subscriber", "ended_by_operator", "because", null])(
    "does not take %s from a desktop",
    async (reason) => {
      const { id } = await gifts.askAndServe();
      const answer = await world.desktop("PATCH", `/api/gift-requests/${id}`, { state: "Failed", reason });
      expect(answer).toMatchObject(refused("invalid_payload", 400));
    },
  );

  it.each(["Completed", "Pending", "Sent", ""])(
    "is the only state that a desktop may ask for, not %j",
    async (state) => {
      const { id } = await gifts.askAndServe();
      const answer = await world.desktop("PATCH", `/api/gift-requests/${id}`, { state, reason: "failed_by_streamer" });
      expect(answer).toMatchObject(refused("invalid_payload", 400));
    },
  );

  it("reads the state's word in any case", async () => {
    const { id } = await gifts.askAndServe();
    const body = { state: "fAILED", reason: "failed_by_streamer" };
    expect((await world.desktop("PATCH", `/api/gift-requests/${id}`, body)).status).toBe(200);
  });

  it("takes a completed gift back while nothing was sent, and gives the right back", async () => {
    const { id, viewerId } = await gifts.askAndComplete();
    const delivery = world.client.workflow.getHandle(giftDeliveryWorkflowId(id));
    expect(await gifts.used()).toContain(viewerId);
    expect(await gifts.fail(id, "no_items_available")).toMatchObject(refused("invalid_state"));
    const failed = { status: 200, body: { state: "Failed", failureReason: "failed_by_streamer" } };
    expect(await gifts.fail(id, "failed_by_streamer")).toMatchObject(failed);
    expect(await gifts.used()).not.toContain(viewerId);
    expect(await delivery.result()).toMatchObject({
      state: "Failed",
    });
    expect(await gifts.list()).toEqual([]);
    await gifts.askAndServe(viewerId);
  });

  it("does not take back what was sent", async () => {
    const { id, viewerId } = await gifts.askAndComplete();
    await gifts.sent(id);
    expect(await gifts.fail(id, "failed_by_streamer")).toMatchObject(refused("invalid_state"));
    expect(await gifts.used()).toContain(viewerId);
  });
});

describe("sent", () => {
  it.each([
    ["waits", () => gifts.askAndServe().then(() => gifts.ask())],
    ["selects", () => gifts.askAndServe()],
    ["waits for an answer", () => gifts.askAndSelect()],
  ])("completes a request that still %s", async (_, ask) => {
    const { id, viewerId } = await ask();
    const sent = await gifts.sent(id);
    expect(sent).toMatchObject({ status: 200, body: { state: "Completed", deliveredAt: expect.any(String) } });
    expect(await gifts.used()).toContain(viewerId);
    expect((await world.client.workflow.getHandle(giftWorkflowId(id)).result()).state).toBe("Completed");
    expect((await gifts.sent(id)).body).toEqual(sent.body);
  });

  it("of a failed request uses the right up all the same, and leaves the state", async () => {
    const { id, viewerId } = await gifts.askAndSelect();
    await gifts.fail(id, "failed_by_streamer");
    const sent = { status: 200, body: { state: "Failed", failureReason: "failed_by_streamer" } };
    expect(await gifts.sent(id)).toMatchObject(sent);
    expect((await gifts.row(id)).delivered_at).not.toBeNull();
    expect(await gifts.used()).toContain(viewerId);
    expect(await gifts.fail(id, "failed_by_streamer")).toMatchObject(sent);
  });

  it("of a gift that was taken back keeps the right used, also when the viewer's other gift is taken back", async () => {
    const first = await gifts.askAndComplete();
    await expectTaken(() => gifts.fail(first.id, "failed_by_streamer"));
    const second = await gifts.askAndComplete(first.viewerId);
    expect(await gifts.sent(first.id)).toMatchObject({ status: 200, body: { state: "Failed" } });
    await expectTaken(() => gifts.fail(second.id, "failed_by_streamer"));
    expect(await gifts.used()).toContain(first.viewerId);
  });

  it("late fails the same viewer's open request", async () => {
    const { id, viewerId } = await gifts.askAndSelect();
    await gifts.fail(id, "failed_by_streamer");
    const second = await gifts.askAndSelect(viewerId);
    await gifts.sent(id);
    expect(await gifts.row(second.id)).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
    expect(await gifts.confirm(second.id, true)).toMatchObject(refused("invalid_state"));
    expect((await gifts.used()).filter((viewer) => viewer === viewerId)).toHaveLength(1);
  });

  it("late fails it also when its workflow hears of it by nothing but its own next step", async () => {
    const { id, viewerId } = await gifts.askAndSelect();
    await gifts.fail(id, "failed_by_streamer");
    const second = await gifts.askAndSelect(viewerId);
    await world.database.query(
      `insert into gift_use (broadcaster_id, twitch_user_id, gift_request_id, used_at) values ($1, $2, $3, now())`,
      [world.broadcasterId, viewerId, id],
    );
    expect(await gifts.confirm(second.id, true)).toMatchObject(refused("invalid_state"));
    expect(await gifts.row(second.id)).toMatchObject({ state: "Failed", failure_reason: "failed_by_streamer" });
  });
});

describe("who may write", () => {
  const active = randomUUID();
  const beat = () =>
    world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "1.0.0", takeOver: true }, { id: active });

  it("facts may come from any desktop, the rest from the active one alone", async () => {
    await beat();
    const { id } = await gifts.askAndServe();
    const other = { id: DESKTOP };
    expect(await gifts.select(id, FROSTWEAVE, other)).toMatchObject(refused("desktop_not_active"));
    expect(await gifts.fail(id, "failed_by_streamer", other)).toMatchObject(refused("desktop_not_active"));
    expect(await gifts.select(id, FROSTWEAVE, { id: active })).toMatchObject({ body: { selectedBy: active } });
    expect((await gifts.confirm(id, true, other)).status).toBe(200);
    expect((await gifts.sent(id, other)).status).toBe(200);
    await world.database.query("delete from desktop_leases");
  });

  it.each([
    ["select-item", { item: FROSTWEAVE }],
    ["confirm", { confirmed: true }],
    ["sent", undefined],
  ])("%s of a request that is not there, or has no id's shape, is not found", async (what, body) => {
    for (const id of [randomUUID(), "nothing", "00000000-0000-0000-0000-00000000000g"]) {
      const answer = await world.desktop("POST", `/api/gift-requests/${id}/${what}`, body);
      expect(answer).toMatchObject(refused("not_found", 404));
    }
  });

  it("a wrong key opens nothing", async () => {
    const { id } = await gifts.askAndServe();
    const answer = await world.desktop("POST", `/api/gift-requests/${id}/sent`, undefined, { key: "wrong" });
    expect(answer).toMatchObject(refused("forbidden_apikey", 403));
  });

  it("reads ids in any case", async () => {
    const { id } = await gifts.askAndServe();
    expect((await gifts.select(id.toUpperCase())).status).toBe(200);
  });
});

describe("a request whose workflow an operator terminated", () => {
  it("answers 503 to what needs it, takes facts, and is ended by the queue", async () => {
    const { id } = await gifts.askAndServe();
    const next = await gifts.ask();
    await world.client.workflow.getHandle(giftWorkflowId(id)).terminate("by a test");
    await gifts.until(id, "Failed");
    expect((await gifts.row(id)).failure_reason).toBe("ended_by_operator");
    await gifts.until(next.id, "SelectingItem");
    expect(await gifts.select(id)).toMatchObject(refused("invalid_state"));
    expect(await gifts.sent(id)).toMatchObject({ status: 200, body: { state: "Failed" } });
  });

  it("while it waits for its turn, is skipped when that comes", async () => {
    const first = await gifts.askAndServe();
    const second = await gifts.ask();
    const third = await gifts.ask();
    const workflow = world.client.workflow.getHandle(giftWorkflowId(second.id));
    await eventually(() => workflow.describe().catch(() => null));
    await workflow.terminate("by a test");
    expect(await gifts.fail(second.id, "failed_by_streamer")).toMatchObject(refused("temporarily_unavailable", 503));
    await gifts.fail(first.id, "failed_by_streamer");
    await gifts.until(third.id, "SelectingItem");
    expect((await gifts.row(second.id)).failure_reason).toBe("ended_by_operator");
  });
});

describe("a worker that died after it wrote the row, and before anybody knew", () => {
  const moveOn = (id: string, change: string): Promise<unknown> =>
    world.database.query(`update gift_requests set ${change}, version = version + 1 where gift_request_id = $1`, [id]);

  it("leaves a workflow that refuses nothing by what it remembers", async () => {
    const { id } = await gifts.askAndServe();
    const item = JSON.stringify(FROSTWEAVE).replaceAll("'", "''");
    await moveOn(id, `state = 'WaitingConfirmation', selected_item = '${item}', timeout_at = now() + interval '1 min'`);
    expect(await gifts.confirm(id, true)).toMatchObject({ status: 200, body: { state: "Completed" } });
  });

  it.each([
    ["the desktop's repeat", (id: string) => gifts.fail(id, "no_items_available")],
    ["the queue that waits for it", async () => undefined],
  ])("leaves a workflow that %s wakes", async (_, wake) => {
    const { id } = await gifts.askAndServe();
    const next = await gifts.ask();
    await moveOn(id, "state = 'Failed', failure_reason = 'no_items_available', timeout_at = null");
    await wake(id);
    expect(await world.client.workflow.getHandle(giftWorkflowId(id)).result()).toMatchObject({ state: "Failed" });
    await gifts.until(next.id, "SelectingItem");
  });
});
