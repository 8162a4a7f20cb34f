import { giftDeliveryWorkflowId, giftQueueWorkflowId, giftWorkflowId } from "@mgm/workflows/ids";
import { BROADCASTER, CHARACTER, NEEDS_ATTENTION, STATUS, TWITCH_USER } from "@mgm/workflows/search-attributes";
import type { ApplicationFailure, WorkflowUpdateFailedError } from "@temporalio/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FROSTWEAVE, type Gifts, giftsOf } from "./test/gifts.ts";
import { eventually, startWorld, type World } from "./test/world.ts";

/* What operators' hands do to gifts, slips included; the runbook's own words are tried in runbook/. */

let world: World;
let gifts: Gifts;
beforeAll(async () => {
  world = await startWorld();
  gifts = giftsOf(world);
});
afterAll(() => world.stop());
afterEach(() => gifts.clear());

const gift = (id: string) => world.client.workflow.getHandle(giftWorkflowId(id));
const delivery = (id: string) => world.client.workflow.getHandle(giftDeliveryWorkflowId(id));

/** The code that an update is refused with. */
async function refusalOf(update: Promise<unknown>): Promise<string> {
  const failure = await update.then(
    () => null,
    (error: WorkflowUpdateFailedError) => error.cause as ApplicationFailure,
  );
  return failure?.type ?? "none";
}

describe("a gift request in the Web UI", () => {
  it("is one row that tells what it is, and how it stands", async () => {
    const { id, viewerId, characterName } = await gifts.askAndServe();
    const described = await eventually(async () => {
      const seen = await gift(id).describe();
      return seen.typedSearchAttributes.get(STATUS) === "SelectingItem" && seen;
    });
    const attributes = described.typedSearchAttributes;
    expect(attributes.get(BROADCASTER)).toBe(world.broadcasterId);
    expect(attributes.get(CHARACTER)).toBe(characterName);
    expect(attributes.get(TWITCH_USER)).toBe(viewerId);
    expect(attributes.get(NEEDS_ATTENTION)).toBe(false);
    expect(await described.staticSummary()).toContain(characterName);
    const queue = await world.client.workflow.getHandle(giftQueueWorkflowId(world.broadcasterId)).describe();
    expect(queue.typedSearchAttributes.get(BROADCASTER)).toBe(world.broadcasterId);
    await gifts.fail(id, "no_items_available");
    expect((await gift(id).describe()).status.name).toBe("COMPLETED");
  });

  it("ends when its workflow is cancelled, while it waits and while it is its turn", async () => {
    const served = await gifts.askAndServe();
    const waiting = await gifts.ask();
    await eventually(() =>
      gift(waiting.id)
        .describe()
        .catch(() => null),
    );
    for (const { id } of [waiting, served]) {
      await gift(id).cancel();
      expect(await gift(id).result()).toEqual({ state: "Failed", failureReason: "ended_by_operator" });
      expect(await gifts.row(id)).toMatchObject({ state: "Failed", failure_reason: "ended_by_operator" });
    }
    const causes = (await gifts.events()).filter(({ reason }) => reason === "ended_by_operator");
    expect(new Set(causes.map(({ cause }) => cause))).toEqual(new Set(["operator"]));
  });

  it("takes updates, and answers what became of it", async () => {
    const { id } = await gifts.askAndServe();
    const update = (name: string, input: unknown) =>
      gift(id).executeUpdate<unknown, [unknown]>(name, { args: [input] });
    expect(await update("selectItem", { item: FROSTWEAVE })).toMatchObject({ state: "WaitingConfirmation" });
    expect(await refusalOf(update("selectItem", { item: { ...FROSTWEAVE, id: 1 } }))).toBe("invalid_state");
    expect(await update("confirm", { confirmed: true })).toEqual({ state: "Completed", failureReason: null });
    const another = await gifts.askAndServe();
    const end = gift(another.id).executeUpdate("fail", { args: [{ reason: "ended_by_operator" }] });
    expect(await end).toEqual({ state: "Failed", failureReason: "ended_by_operator" });
    const third = await gifts.askAndServe();
    expect(await gift(third.id).executeUpdate("sent", { args: [{}] })).toMatchObject({ state: "Completed" });
    expect((await gifts.row(third.id)).delivered_at).not.toBeNull();
  });

  it.each<[string, unknown]>([
    ["selectItem", { item: { ...FROSTWEAVE, count: "20" } }],
    ["selectItem", FROSTWEAVE],
    ["confirm", { confirmed: "yes" }],
    ["confirm", true],
    ["fail", {}],
    ["fail", { reason: "because" }],
    ["fail", { reason: "ended_by_operator", cause: "me" }],
    ["fail", { reason: "ended_by_operator", desktopId: "mine" }],
    ["sent", { receivedAt: "now" }],
    ["sent", { receivedAt: 1e300 }],
  ])("refuses a slip of the hand: %s %j", async (name, input) => {
    const { id } = await gifts.askAndServe();
    expect(await refusalOf(gift(id).executeUpdate<unknown, [unknown]>(name, { args: [input] }))).toBe(
      "invalid_payload",
    );
    // As a signal it is only logged, and the workflow goes on.
    await gift(id).signal(`${name}Signal`, input);
    expect(await gifts.select(id)).toMatchObject({ status: 200, body: { state: "WaitingConfirmation" } });
  });
});

describe("a gift whose mail is waited for", () => {
  it("is one row, and asks for attention an hour after the viewer agreed", async () => {
    const { id, characterName } = await gifts.askAndComplete();
    const described = await eventually(() =>
      delivery(id)
        .describe()
        .catch(() => null),
    );
    expect(described.typedSearchAttributes.get(CHARACTER)).toBe(characterName);
    expect(described.typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(false);
    await world.database.query(
      "update gift_requests set completed_at = completed_at - interval '1 hour' where gift_request_id = $1",
      [id],
    );
    await delivery(id).signal("news");
    await eventually(async () => (await delivery(id).describe()).typedSearchAttributes.get(NEEDS_ATTENTION) === true);
  });

  it.each([
    ["a signal", (id: string) => delivery(id).signal("failSignal", { reason: "failed_by_streamer" })],
    ["cancelling the wait", (id: string) => delivery(id).cancel()],
  ])("is taken back by %s, and with it the viewer's right", async (_, take) => {
    const { id, viewerId } = await gifts.askAndComplete();
    await eventually(() =>
      delivery(id)
        .describe()
        .catch(() => null),
    );
    await delivery(id).signal("failSignal", { reason: "no_items_available" });
    await delivery(id).signal("failSignal", "nonsense");
    await take(id);
    expect(await delivery(id).result()).toEqual({ state: "Failed", failureReason: "failed_by_streamer" });
    expect(await gifts.used()).not.toContain(viewerId);
  });
});
