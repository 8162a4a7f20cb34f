import type { GiftQueueDto } from "@mgm/domain/wire";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Gifts, giftsOf } from "../../../temporal/test/gifts.ts";
import { startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld({ settings: { LIMIT_READS: "100000" } });
  gifts = giftsOf(world);
});
afterAll(() => world.stop());

async function look(
  userId?: string,
  streamerId = world.broadcasterId,
): Promise<{ status: number; body: GiftQueueDto }> {
  const token = await world.token(
    userId === undefined ? { role: "viewer", anonymous: "somebody" } : { role: "viewer", userId },
  );
  return await world.get(`/api/streamers/${streamerId}/gift-queue`, token);
}

it("is empty at first", async () => {
  expect((await look("nobody")).body).toEqual({
    streamerId: world.broadcasterId,
    serverNow: expect.any(String),
    queueLength: 0,
    entries: [],
    mine: null,
  });
});

it("shows the first 25 without who they are on Twitch, and the viewer's own wherever it stands", async () => {
  const wishes = [];
  for (let i = 0; i < 30; i++) wishes.push(await gifts.ask(`viewer-${i}`));
  const [first] = wishes;
  await gifts.until(first?.id ?? "", "SelectingItem");
  const { body } = await look("viewer-28");
  expect(body.queueLength).toBe(30);
  expect(body.entries.map(({ id }) => id)).toEqual(wishes.slice(0, 25).map(({ id }) => id));
  expect(body.entries.map(({ queuePosition }) => queuePosition)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  expect(body.entries.map((entry) => entry.estimatedWaitSeconds)).toEqual(Array.from({ length: 25 }, (_, i) => i * 65));
  for (const entry of body.entries) expect(entry).not.toHaveProperty("viewerId");
  expect(body.mine).toMatchObject({
    id: wishes[28]?.id,
    viewerId: "viewer-28",
    state: "Pending",
    queuePosition: 29,
    estimatedWaitSeconds: 28 * 65,
  });
});

it("moves everybody up at the moment when one ends, wherever that one stood", async () => {
  const listed = await gifts.list();
  await gifts.fail(listed[10]?.id ?? "", "failed_by_streamer");
  expect((await look("viewer-28")).body.mine?.queuePosition).toBe(28);
  await gifts.fail(listed[0]?.id ?? "", "failed_by_streamer");
  const { body } = await look("viewer-28");
  expect(body.mine?.queuePosition).toBe(27);
  expect(body.queueLength).toBe(28);
  expect(body.entries[0]).toMatchObject({ id: listed[1]?.id, queuePosition: 1 });
  expect((await look("viewer-0")).body.mine).toMatchObject({
    state: "Failed",
    failureReason: "failed_by_streamer",
    queuePosition: 0,
    estimatedWaitSeconds: 0,
  });
});

it("shows a viewer the newest of their requests", async () => {
  const again = await gifts.ask("viewer-0");
  expect((await look("viewer-0")).body.mine).toMatchObject({ id: again.id, state: "Pending", queuePosition: 29 });
});

it("has nothing of theirs for those who do not say who they are", async () => {
  const { status, body } = await look();
  expect(status).toBe(200);
  expect(body.mine).toBeNull();
  expect(body.entries).toHaveLength(25);
});

it("of another channel is forbidden", async () => {
  expect(await look("viewer-0", "another")).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

it("shows desktops the open ones in order and then what was not sent; attention comes after an hour", async () => {
  await gifts.clear();
  const unsent = await gifts.askAndComplete();
  const sent = await gifts.askAndComplete();
  await gifts.sent(sent.id);
  const active = await gifts.askAndServe();
  const waiting = await gifts.ask();
  expect((await gifts.list()).map(({ id, queuePosition }) => [id, queuePosition])).toEqual([
    [active.id, 1],
    [waiting.id, 2],
    [unsent.id, 0],
  ]);
  expect((await gifts.list())[2]?.needsAttention).toBe(false);
  await world.database.query(
    "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
    [unsent.id],
  );
  expect((await gifts.list())[2]?.needsAttention).toBe(true);
  await gifts.sent(unsent.id);
  expect((await gifts.list()).map(({ id }) => id)).toEqual([active.id, waiting.id]);
});

it("stands on the broadcaster's dashboard", async () => {
  const token = await world.token({ role: "moderator", userId: "mod" });
  const { body } = await world.get("/api/broadcaster/dashboard", token);
  expect(body.giftQueue).toEqual(await gifts.list());
});
