import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, report, startWorld, type World } from "../../../temporal/test/world.ts";

const FIRST = "11111111-1111-4111-8111-111111111111";
const SECOND = "22222222-2222-4222-8222-222222222222";
const NIL = "00000000-0000-0000-0000-000000000000";

let world: World;
let variant = 1;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.query("truncate desktops, desktop_leases");
});

const beat = (id: string | undefined, body: Record<string, unknown> = {}): Promise<Answer> =>
  world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "1.0.0", ...body }, id === undefined ? {} : { id });

/** Lets time pass for the lease alone. */
async function silentFor(milliseconds: number): Promise<void> {
  await world.database.query(
    `update desktop_leases set last_beat_at = last_beat_at - $1 * interval '1 millisecond',
       active_since = active_since - $1 * interval '1 millisecond'`,
    [milliseconds],
  );
}

describe("the forged lines that beats report", () => {
  const total = async (): Promise<number> => {
    const { rows } = await world.database.query<{ forged_lines: string }>("select forged_lines from desktop_leases");
    return Number(rows[0]?.forged_lines ?? 0);
  };

  it("are counted once over all desktops, whoever is active, and also when one begins anew", async () => {
    await beat(FIRST, { forgedLines: 3 });
    await beat(FIRST, { forgedLines: 3 });
    await beat(FIRST);
    await beat(FIRST, { forgedLines: 5 });
    expect(await total()).toBe(5);
    await beat(SECOND, { forgedLines: 2 });
    expect(await total()).toBe(7);
    // Its store was lost.
    await beat(FIRST, { forgedLines: 1 });
    expect(await total()).toBe(8);
    for (const refused of [-1, 1_000_000_000_001]) {
      expect((await beat(FIRST, { forgedLines: refused })).status).toBe(400);
    }
    expect((await beat(FIRST, { forgedLines: 1_000_000_000_000 })).status).toBe(200);
    expect(await total()).toBe(1_000_000_000_007);
  });
});

describe("what a beat tells of the spins", () => {
  it("is when the next one is, by the server's clock, and that there is none while they are paused", async () => {
    const intervalMs = world.timings.intervalMs;
    const { body } = await beat(FIRST);
    const serverNow = Date.parse(body.serverNow);
    expect(body).toMatchObject({ paused: false, spinIntervalSeconds: intervalMs / 1000 });
    expect(Date.parse(body.nextSpinAt) % intervalMs).toBe(0);
    expect(Date.parse(body.nextSpinAt) - serverNow).toBeGreaterThan(0);
    expect(Date.parse(body.nextSpinAt) - serverNow).toBeLessThanOrEqual(intervalMs);

    const { broadcasterId, database } = world;
    await database.query("insert into channels (broadcaster_id, paused) values ($1, true)", [broadcasterId]);
    expect((await beat(FIRST)).body).toMatchObject({ paused: true, nextSpinAt: null });
    await database.query("delete from channels where broadcaster_id = $1", [broadcasterId]);
  });
});

describe("which desktop is active", () => {
  it("is the first that beats", async () => {
    const first = await beat(FIRST);
    expect(first).toMatchObject({ status: 200, body: { active: true, activeDesktopId: FIRST } });
    const { activeDesktopId, activeSince } = first.body;
    expect((await beat(SECOND)).body).toMatchObject({ active: false, activeDesktopId, activeSince });
    expect((await beat(FIRST)).body).toMatchObject({ active: true, activeDesktopId, activeSince });
  });

  it("stays so for a minute of silence, and then is the next that beats", async () => {
    await beat(FIRST);
    await silentFor(58_000);
    expect((await beat(SECOND)).body).toMatchObject({ active: false });
    await silentFor(3_000);
    expect((await beat(SECOND)).body).toMatchObject({ active: true, activeDesktopId: SECOND });
    expect((await beat(FIRST)).body).toMatchObject({ active: false, activeDesktopId: SECOND });
  });

  it("begins a new activity when it returns after silence", async () => {
    await beat(FIRST);
    await silentFor(61_000);
    const { rows } = await world.database.query("select active_since from desktop_leases");
    const back = await beat(FIRST);
    expect(back.body.active).toBe(true);
    expect(Date.parse(back.body.activeSince)).toBeGreaterThan(rows[0].active_since.getTime());
  });

  it("is whoever takes over", async () => {
    await beat(FIRST);
    expect((await beat(SECOND, { takeOver: null })).body.active).toBe(false);
    expect((await beat(SECOND, { takeOver: true })).body).toMatchObject({ active: true, activeDesktopId: SECOND });
    expect((await beat(FIRST)).body.active).toBe(false);
  });

  it("may be the one without an id", async () => {
    expect((await beat(undefined)).body).toMatchObject({ active: true, activeDesktopId: NIL });
    expect((await beat(NIL)).body.active).toBe(true);
  });

  it("is one of many that beat at once", async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    const answers = await Promise.all(ids.map((id) => beat(id)));
    expect(answers.filter(({ body }) => body.active)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.activeDesktopId)).size).toBe(1);
  });

  it("needs a version and well-formed fields", async () => {
    for (const body of [{ desktopVersion: undefined }, { gameFound: "yes" }, { takeOver: 1 }, { realm: 5 }]) {
      expect(await beat(FIRST, body)).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
    }
    expect(await beat("desktop")).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
  });
});

describe("a desktop that is not active", () => {
  it("may tell facts and nothing else", async () => {
    await world.database.query("delete from pool_entries");
    const { payoutId, characterName, spinCycleId } = await world.win(variant++);
    await beat(FIRST);
    const as = { id: SECOND };
    const path = `/api/payouts/${payoutId}`;
    const refused = { status: 409, body: { code: "desktop_not_active" } };
    expect(await world.desktop("PATCH", `${path}/status`, { status: "InProgress" }, as)).toMatchObject(refused);
    expect(await world.desktop("PATCH", `${path}/status`, { status: "Pending" }, as)).toMatchObject(refused);
    expect(await world.desktop("POST", `${path}/settle`, { note: "x" }, as)).toMatchObject(refused);
    const late = report(spinCycleId, characterName, true);
    expect(await world.desktop("POST", "/api/roulette/verify-candidate", late, as)).toMatchObject(refused);
    expect(await world.desktop("PATCH", `/api/payouts/${randomUUID()}/status`, { status: "Sent" }, as)).toMatchObject(
      refused,
    );
    expect((await world.desktop("GET", "/api/payouts/pending", undefined, as)).body).toHaveLength(1);
    expect((await world.desktop("POST", `${path}/confirm-acceptance`, { characterName }, as)).status).toBe(200);
    const sent = await world.desktop("POST", `${path}/confirm-mail-sent`, undefined, as);
    expect(sent).toMatchObject({ status: 200, body: { status: "Sent" } });
  });

  it("may write when the other is silent, without having beaten", async () => {
    await world.database.query("delete from pool_entries");
    const { payoutId } = await world.win(variant++);
    await beat(FIRST);
    await silentFor(61_000);
    const answer = await world.desktop(
      "PATCH",
      `/api/payouts/${payoutId}/status`,
      { status: "InProgress" },
      { id: SECOND },
    );
    expect(answer).toMatchObject({ status: 200, body: { heldBy: SECOND } });
    await world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status: "Failed" }, { id: SECOND });
  });
});

describe("what viewers learn from the active desktop", () => {
  it("is who the streamer is, and how to answer", async () => {
    expect(await world.state()).toMatchObject({ streamer: null, acceptPhrase: "!twgold" });
    await beat(FIRST, { character: "Mimiron", realm: null, bangSwallowed: null });
    expect(await world.state()).toMatchObject({ streamer: null, acceptPhrase: "!twgold" });
    await beat(FIRST, { character: "Mimiron", realm: "Ulduar", bangSwallowed: true });
    await beat(FIRST, { character: "Mimiron" });
    await beat(SECOND, { character: "Impostor", realm: "Ulduar", bangSwallowed: false });
    expect(await world.state()).toMatchObject({
      streamer: { character: "Mimiron", realm: "Ulduar" },
      acceptPhrase: "twgold",
    });
  });
});
