import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.stop());

async function state(headers: Record<string, string> = {}): Promise<Response> {
  const token = await world.token({ role: "viewer", userId: randomUUID() });
  return await fetch(`${world.apiUrl}/api/roulette/state`, {
    headers: { Authorization: `Bearer ${token}`, ...headers },
  });
}

describe("the public state for those who have it already", () => {
  it("is 304 while nothing but the time has changed, and 200 with another tag when something has", async () => {
    const first = await state();
    const etag = first.headers.get("ETag") ?? "";
    const { serverNow } = (await first.json()) as { serverNow: string };
    const again = await state({ "If-None-Match": etag, "Cache-Control": "max-age=0" });
    expect({ status: again.status, body: await again.text() }).toEqual({ status: 304, body: "" });
    expect(again.headers.get("RateLimit-Remaining")).not.toBeNull();

    await world.say({ id: "somebody", displayName: "Somebody" }, "!twgold Norinn");
    const changed = await state({ "If-None-Match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("ETag")).not.toBe(etag);
    const body = (await changed.json()) as { serverNow: string; poolParticipantCount: number };
    expect(body.poolParticipantCount).toBe(1);
    expect(Date.parse(body.serverNow)).toBeGreaterThan(Date.parse(serverNow));
  });

  it("is the same tag whoever asks, and never to be shown without asking", async () => {
    const [one, other] = [await state(), await state()];
    expect(one.headers.get("ETag")).toBe(other.headers.get("ETag"));
    expect(one.headers.get("Cache-Control")).toBe("private, no-cache");
  });
});

describe("a viewer who never won", () => {
  it("has no last payout: 404, or 204 for those who ask for that", async () => {
    const token = await world.token({ role: "viewer", userId: "nobody" });
    expect(await world.get("/api/payouts/my-last", token)).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await world.get("/api/payouts/my-last?none=204", token)).toMatchObject({ status: 204, body: null });
    expect((await world.get("/api/payouts/my-last?none=later", token)).status).toBe(404);
  });
});
