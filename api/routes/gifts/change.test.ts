import { randomUUID } from "node:crypto";
import { giftDeliveryWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FROSTWEAVE, type Gifts, giftsOf } from "../../../temporal/test/gifts.ts";
import { eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());
// Whatever a test leaves open would keep the next one waiting.
afterEach(async () => {
  for (const { id } of await gifts.list()) await gifts.fail(id, "failed_by_streamer");
});

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
    const sent = await gifts.sent(id);
    expect(sent).toMatchObject({ status: 200, body: { state: "Completed", deliveredAt: expect.any(String) } });
    expect(await gifts.list()).toEqual([]);
    const delivery = await world.client.workflow.getHandle(giftDeliveryWorkflowId(id)).result();
    expect(delivery).toEqual({ state: "Completed", failureReason: null });
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
