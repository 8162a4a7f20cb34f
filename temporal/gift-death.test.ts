import { giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { describe, expect, it } from "vitest";
import { withDeathAt } from "./test/death.ts";
import { expectPromotedByEnds } from "./test/gift-queue-history.ts";
import { expectTaken, giftsOf } from "./test/gifts.ts";
import { eventually } from "./test/world.ts";

/*
 * A worker is killed at every point where a gift request or its queue waits for something, the desktop tries again,
 * another worker takes over, and the story must end the same: all served, one at a time, in the order of arrival, each by
 * the end of the one before.
 */

const POINTS = [
  "joinGiftQueue 1",
  "nextGift 1",
  "nextGift 2",
  "serveGift 1",
  "projectGift 1",
  "projectGift 2",
  "projectGift 3",
].flatMap((point) => [`before ${point}`, `after ${point}`]);

describe.concurrent("a worker that is killed", () => {
  it.each(POINTS)(
    "%s lets nobody wait for ever and serves nobody twice",
    async (point) => {
      await withDeathAt(point, async (world, died) => {
        const gifts = giftsOf(world);
        const wishes = [await gifts.ask(), await gifts.ask()];
        for (const { id } of wishes) {
          await gifts.until(id, "SelectingItem");
          await expectTaken(() => gifts.select(id));
          await expectTaken(() => gifts.confirm(id, true));
          await expectTaken(() => gifts.sent(id));
        }
        expect(await died).toBe("SIGKILL");
        const story = ["promoted SelectingItem", "item_selected WaitingConfirmation", "answered Completed"];
        const events = (await gifts.events()).filter(({ event }) => event !== "requested" && event !== "sent");
        expect(events.map(({ id, event, state }) => `${id} ${event} ${state}`)).toEqual(
          wishes.flatMap(({ id }) => story.map((step) => `${id} ${step}`)),
        );
        for (const { id } of wishes) {
          const handle = world.client.workflow.getHandle(giftWorkflowId(id));
          expect(await handle.result()).toEqual({ state: "Completed", failureReason: null });
        }
        expect((await gifts.used()).sort()).toEqual(wishes.map(({ viewerId }) => viewerId).sort());
        await eventually(async () => (await gifts.list()).length === 0);
        const queue = world.client.workflow.getHandle(giftQueueWorkflowId(world.broadcasterId));
        await eventually(async () => (await queue.describe()).status.name === "COMPLETED");
        await expectPromotedByEnds(world, wishes.length);
      });
    },
    240_000,
  );
});
