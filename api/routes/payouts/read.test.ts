import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false });
  for (let i = 0; i < 120; i++) {
    await world.database.query(
      `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name,
         character_name, enrollment_request_id, copper, status, version, created_at, updated_at, expires_at,
         visible_from, timings)
       values ($1, $2, $3, $4, 'x', 'Old', 'r', 10000000, $5, 1, $6, now(), now(), now(), '{}')`,
      [
        randomUUID(),
        world.broadcasterId,
        randomUUID(),
        `user-${i}`,
        i % 3 === 0 ? "Sent" : i % 3 === 1 ? "Failed" : i % 2 === 0 ? "Pending" : "InProgress",
        // Several share a moment: pages must not lose or repeat any.
        new Date(1_700_000_000_000 + Math.floor(i / 7) * 1_000),
      ],
    );
  }
});
afterAll(() => world.stop());

const list = (query: string) => world.desktop("GET", `/api/payouts${query}`);

describe("the archive", () => {
  it("is read in pages, newest first, each payout once", async () => {
    const seen: string[] = [];
    const times: string[] = [];
    let before: string | null = null;
    do {
      const { status, body } = await list(`?limit=50${before === null ? "" : `&before=${before}`}`);
      expect(status).toBe(200);
      seen.push(...body.items.map((item: { id: string }) => item.id));
      times.push(...body.items.map((item: { createdAt: string }) => item.createdAt));
      before = body.before;
    } while (before !== null);
    expect(new Set(seen).size).toBe(120);
    expect(seen).toHaveLength(120);
    expect([...times].sort().reverse()).toEqual(times);
  });

  it("can be asked for one status, in any case; an empty one is no filter", async () => {
    const { body } = await list("?status=sENT&limit=200");
    expect(body.items).toHaveLength(40);
    expect(new Set(body.items.map((item: { status: string }) => item.status))).toEqual(new Set(["Sent"]));
    expect((await list("?status=&limit=200")).body.items).toHaveLength(120);
    expect((await list("")).body.items).toHaveLength(50);
  });

  it.each(["?limit=0", "?limit=201", "?limit=x", "?status=Done", "?before=nowhere", "?limit=1&limit=2"])(
    "%s is no valid question",
    async (query) => {
      expect(await list(query)).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
    },
  );

  it("lists active payouts oldest first", async () => {
    const { body } = await world.desktop("GET", "/api/payouts/pending");
    const times = body.map((item: { createdAt: string }) => item.createdAt);
    expect(times).toHaveLength(40);
    expect([...times].sort()).toEqual(times);
  });
});
