import type { DashboardDto } from "@mgm/domain/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENDLESS_INTERVAL_MS, report, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const PATH = "/api/broadcaster/dashboard";
const token = (role: "broadcaster" | "moderator" = "broadcaster") =>
  world.token(role === "broadcaster" ? { role } : { role, userId: "a-moderator" });
const dashboard = async (): Promise<DashboardDto> => (await world.get(PATH, await token())).body;

async function cancel(payoutId: string, by: "broadcaster" | "moderator" = "broadcaster") {
  return await world.post(`/api/broadcaster/payouts/${payoutId}/cancel`, undefined, await token(by));
}

describe("the dashboard", () => {
  it("is empty before anything happened", async () => {
    expect(await dashboard()).toEqual({
      spins: [],
      payouts: [],
      giftQueue: [],
      eventSub: { status: "simulated", since: expect.any(String) },
      missingGrants: [],
      desktop: null,
      paused: false,
    });
  });

  it("is for moderators too, and for nobody else", async () => {
    expect((await world.get(PATH, await token("moderator"))).status).toBe(200);
    const viewer = await world.token({ role: "viewer", userId: "somebody" });
    expect(await world.get(PATH, viewer)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await world.get(PATH)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  });

  it("shows a payout and its spin at once, while viewers still see the wheel", async () => {
    const won = await world.win(1, "Norinn", { wheelMs: ENDLESS_INTERVAL_MS });
    const { payouts, spins } = await dashboard();
    expect(payouts).toMatchObject([{ id: won.payoutId, status: "Pending", needsAttention: false }]);
    const { spinCycleId, payoutId } = won;
    expect(spins).toMatchObject([{ spinCycleId, outcome: "won", characterName: "Norinn", payoutId }]);
    expect((await world.state()).lastSpin).toBeNull();
  });

  it("shows the newest spins first, one that is not decided too", async () => {
    await world.say({ id: "user-Garona", displayName: "Garona" }, "!twgold Garona");
    const { spinCycleId } = await world.spin(2);
    expect((await dashboard()).spins[0]).toMatchObject({ spinCycleId, outcome: null, characterName: "Garona" });
    await world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, "Garona", false));
    const { spins } = await dashboard();
    expect(spins.find((spin) => spin.spinCycleId === spinCycleId)?.outcome).toBe("offline");
  });

  it("shows what the active desktop told last", async () => {
    const beat = {
      desktopVersion: "1.2.3",
      addonVersion: "1.2.0",
      character: "Streamer",
      realm: "Icecrown",
      transport: "whisper",
      gameFound: true,
    };
    await world.desktop("POST", "/api/desktop/heartbeat", beat);
    expect((await dashboard()).desktop).toEqual({
      seenAt: expect.stringMatching(/Z$/),
      versions: { desktop: "1.2.3", addon: "1.2.0" },
      character: "Streamer",
      realm: "Icecrown",
      gameFound: true,
      transport: "whisper",
    });
  });

  it("lets the broadcaster cancel a payout, and no moderator", async () => {
    const [payout] = (await dashboard()).payouts;
    if (payout === undefined) throw new Error("there is a payout");
    expect(await cancel(payout.id, "moderator")).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await cancel(payout.id)).toMatchObject({ status: 200, body: { status: "Cancelled" } });
    expect(await cancel(payout.id)).toMatchObject({ status: 200, body: { status: "Cancelled" } });
    expect((await dashboard()).payouts).toEqual([]);
    expect(await cancel("00000000-0000-4000-8000-000000000000")).toMatchObject({ status: 404 });
    expect(await cancel("17")).toMatchObject({ status: 404, body: { code: "not_found" } });
  });
});
