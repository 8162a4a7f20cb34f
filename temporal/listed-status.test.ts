import { payoutWorkflowId } from "@mgm/workflows/ids";
import { STATUS } from "@mgm/workflows/search-attributes";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "./test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
// Who was not paid stays in the pool.
beforeEach(() => world.database.query("delete from pool_entries"));

describe("the status of a payout in the operators' list", () => {
  it("is told at once after a rest and at the end, and once for changes that are quicker", async () => {
    const { payoutId } = await world.win();
    const handle = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    const change = async (status: string) => {
      expect((await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status })).status).toBe(200);
    };
    const listed = async () => (await handle.describe()).typedSearchAttributes.get(STATUS);
    expect(await listed()).toBe("Pending");
    await change("InProgress");
    expect(await listed()).toBe("InProgress");
    for (const status of ["Pending", "InProgress", "Pending"]) await change(status);
    await eventually(async () => (await listed()) === "Pending");
    await change("Failed");
    expect(await handle.result()).toMatchObject({ status: "Failed" });
    expect(await listed()).toBe("Failed");
    const { events } = await handle.fetchHistory();
    const told = (events ?? []).flatMap(({ eventTime, upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
      const data = upsert?.searchAttributes?.indexedFields?.[STATUS.name]?.data;
      return data == null ? [] : [{ at: Number(eventTime?.seconds), status: JSON.parse(Buffer.from(data).toString()) }];
    });
    expect(told.at(0)?.status).toBe("InProgress");
    expect(told.at(-1)?.status).toBe("Failed");
    // However slow the machine is: what is told before the end is five seconds apart.
    const before = told.slice(0, -1).map(({ at }) => at);
    expect(before.length).toBeGreaterThan(1);
    for (const [place, at] of before.slice(1).entries()) expect(at - (before[place] ?? at)).toBeGreaterThanOrEqual(4);
  });

  it("is that of the end when the end comes while a change waits to be told", async () => {
    const { payoutId } = await world.win(1);
    const handle = world.client.workflow.getHandle(payoutWorkflowId(payoutId));
    for (const status of ["InProgress", "Pending", "Cancelled"]) {
      await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status });
    }
    expect(await handle.result()).toMatchObject({ status: "Cancelled" });
    expect((await handle.describe()).typedSearchAttributes.get(STATUS)).toBe("Cancelled");
  });
});
