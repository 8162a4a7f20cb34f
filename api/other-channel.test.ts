import { randomUUID } from "node:crypto";
import type { RunningApi } from "@mgm/api/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { report, startWorld, type World } from "../temporal/test/world.ts";

/* Two channels in one database: what belongs to one is nothing to the other. */

const OTHER = "other-channel";
const OTHER_KEY = randomUUID();

let world: World;
/** Opens its door to the desktops of both channels, and to the other one's viewers. */
let both: RunningApi;
beforeAll(async () => {
  world = await startWorld();
  const keys = `${OTHER}:${OTHER_KEY},${world.broadcasterId}:${world.environment.DESKTOP_API_KEYS}`;
  both = await world.startApi({ TWITCH_BROADCASTER_ID: OTHER, DESKTOP_API_KEYS: keys });
});
afterAll(() => world.stop());

async function ask(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const response = await fetch(`http://127.0.0.1:${both.port}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

const desktop = (key: string, method: string, path: string, body?: unknown) =>
  ask(method, path, { "X-MGM-ApiKey": key }, body);

async function viewer(userId: string, method: string, path: string, body?: unknown) {
  const token = await world.token({ role: "viewer", userId }, { channel_id: OTHER });
  return await ask(method, path, { Authorization: `Bearer ${token}` }, body);
}

describe("the desktop of another channel", () => {
  it("sees and changes nothing of ours, and is not hindered by our lease", async () => {
    const { payoutId } = await world.win(1);
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "1" }, { id: randomUUID() });
    const ours = await desktop(world.environment.DESKTOP_API_KEYS ?? "", "GET", "/api/payouts/pending");
    expect(ours.body).toMatchObject([{ id: payoutId }]);
    expect((await desktop(OTHER_KEY, "GET", "/api/payouts/pending")).body).toEqual([]);
    expect((await desktop(OTHER_KEY, "GET", "/api/payouts")).body.items).toEqual([]);
    for (const [method, action, body] of [
      ["PATCH", "status", { status: "Failed" }],
      ["POST", "confirm-mail-sent", {}],
      ["POST", "settle", { note: "x" }],
    ] as const) {
      const answer = await desktop(OTHER_KEY, method, `/api/payouts/${payoutId}/${action}`, body);
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    const { rows } = await world.database.query("select status, mail_confirmed_at from payouts");
    expect(rows).toEqual([{ status: "Pending", mail_confirmed_at: null }]);
  });

  it("is not offered our candidate, and its report on our cycle is out of sequence", async () => {
    await world.say({ id: "candidate", displayName: "Candidate" }, "!twgold Zugzug");
    await world.database.query("delete from pool_entries where character_name <> 'Zugzug'");
    const { spinCycleId } = await world.spin();
    expect((await world.desktop("GET", "/api/roulette/candidate")).body).toMatchObject({ characterName: "Zugzug" });
    expect((await desktop(OTHER_KEY, "GET", "/api/roulette/candidate")).status).toBe(204);
    const body = report(spinCycleId, "Zugzug", true);
    const answer = await desktop(OTHER_KEY, "POST", "/api/roulette/verify-candidate", body);
    expect(answer).toMatchObject({ status: 400, body: { code: "out_of_sequence" } });
  });
});

describe("a viewer of another channel", () => {
  it("may enrol there under a name that is held here, and with a payout that is under way here", async () => {
    await world.database.query("delete from pool_entries");
    await world.database.query("delete from desktop_leases");
    const { twitchUserId, characterName } = await world.win(2);
    const claim = (userId: string, enrollmentRequestId: string) =>
      viewer(userId, "POST", "/api/payouts/claim", { characterName, enrollmentRequestId });
    expect((await claim("somebody", "x")).status).toBe(201);
    await world.database.query("delete from pool_entries where broadcaster_id = $1", [OTHER]);
    expect((await claim(twitchUserId, "y")).status).toBe(201);
    expect((await viewer(twitchUserId, "GET", "/api/payouts/my-last")).status).toBe(404);
    expect((await viewer(twitchUserId, "GET", "/api/roulette/state")).body.poolParticipantCount).toBe(1);
  });
});
