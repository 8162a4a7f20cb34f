import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report, startWorld, type World } from "../../../temporal/test/world.ts";
import { ApiClient, type HeartbeatInput } from "./api-client.ts";

let world: World;
let api: ApiClient;
beforeAll(async () => {
  world = await startWorld();
  api = client();
});
afterAll(() => world.stop());

function client(changed: Partial<ConstructorParameters<typeof ApiClient>[0]> = {}): ApiClient {
  const apiKey = world.environment.DESKTOP_API_KEYS ?? "";
  return new ApiClient({ apiUrl: world.apiUrl, apiKey, desktopId: randomUUID(), ...changed });
}

const BEAT: HeartbeatInput = {
  desktopVersion: "0.1.0",
  addonVersion: null,
  character: null,
  realm: null,
  transport: null,
  gameFound: true,
  bangSwallowed: null,
  forgedLines: 0,
  takeOver: true,
};

describe("the desktop's routes, asked of the real API", () => {
  it("lead from the candidate to confirmed mail", async () => {
    expect(await api.heartbeat(BEAT)).toMatchObject({ kind: "ok", body: { active: true } });
    expect(await api.candidate()).toEqual({ kind: "ok", body: null });
    await world.say({ id: "winner", displayName: "Winner" }, "!twgold Норинн");
    const { spinCycleId } = await world.spin();
    expect(await api.candidate()).toMatchObject({ kind: "ok", body: { spinCycleId, characterName: "Норинн" } });
    const verified = await api.verifyCandidate(report(spinCycleId, "Норинн", true));
    expect(verified).toMatchObject({ kind: "ok", body: { outcome: "won" } });
    const payoutId = (verified.kind === "ok" && verified.body.payoutId) || "";
    expect(await api.pendingPayouts()).toMatchObject({ kind: "ok", body: [{ id: payoutId, status: "Pending" }] });
    expect(await api.confirmAcceptance(payoutId, "Норинн")).toMatchObject({ kind: "ok", body: { id: payoutId } });
    expect(await api.changeStatus(payoutId, "InProgress")).toMatchObject({
      kind: "ok",
      body: { status: "InProgress" },
    });
    expect(await api.confirmMailSent(payoutId, false)).toMatchObject({ kind: "ok", body: { status: "Sent" } });
    expect(await api.payouts(null)).toMatchObject({ kind: "ok", body: { items: [{ id: payoutId }], before: null } });
  });

  it("refuse with a code", async () => {
    expect(await api.confirmMailSent(randomUUID(), false)).toMatchObject({
      kind: "refused",
      status: 404,
      code: "not_found",
    });
    expect(await client({ apiKey: "wrong" }).candidate()).toMatchObject({ kind: "refused", code: "forbidden_apikey" });
    expect(await client().changeStatus(randomUUID(), "InProgress")).toMatchObject({ code: "desktop_not_active" });
  });

  it("that are not there yet are a refusal like any other", async () => {
    expect(await api.giftSent(randomUUID())).toMatchObject({ kind: "refused", status: 404, code: "not_found" });
  });

  it("may be out of reach", async () => {
    expect(await client({ apiUrl: "http://127.0.0.1:1" }).candidate()).toEqual({
      kind: "unreachable",
      reason: "network",
      status: null,
    });
  });

  it("have a deadline", async () => {
    expect(await client({ deadlineMs: 0 }).candidate()).toEqual({
      kind: "unreachable",
      reason: "deadline",
      status: null,
    });
  });
});
