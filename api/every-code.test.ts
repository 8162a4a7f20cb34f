import { randomUUID } from "node:crypto";
import { REFUSAL_STATUS, type RefusalCode } from "@mgm/domain/refusal";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, randomName, report, startWorld, type World } from "../temporal/test/world.ts";

/* One way to be refused with each code: the table cannot leave one out. */

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const CLAIM = "/api/payouts/claim";
let variant = 1;

const viewer = (userId = `v-${randomUUID()}`) => world.token({ role: "viewer", userId });
async function claim(characterName: string, { userId, id = randomUUID() }: { userId?: string; id?: string } = {}) {
  return await world.post(CLAIM, { characterName, enrollmentRequestId: id }, await viewer(userId));
}
async function won() {
  await world.database.query("delete from pool_entries");
  return await world.win(variant++);
}
const setStatus = (payoutId: string, status: string, id?: string) =>
  world.desktop("PATCH", `/api/payouts/${payoutId}/status`, { status }, id === undefined ? {} : { id });
const verify = (spinCycleId: string, name: string, online = true) =>
  world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, name, online));

async function drawn(): Promise<{ spinCycleId: string; name: string; userId: string }> {
  await world.database.query("delete from pool_entries");
  const [name, userId] = [randomName(), `u-${randomUUID()}`];
  await world.say({ id: userId, displayName: name }, `!twgold ${name}`);
  return { ...(await world.spin(variant++)), name, userId };
}

async function askForGift(userId: string) {
  const body = { streamerId: world.broadcasterId, characterName: randomName() };
  return await world.post("/api/gift-requests", body, await viewer(userId));
}

const REFUSED_BY: Readonly<Record<RefusalCode, () => Promise<Pick<Answer, "status" | "body">>>> = {
  async duplicate_enrollment() {
    const id = randomUUID();
    await claim(randomName(), { userId: "a", id });
    return await claim(randomName(), { userId: "b", id });
  },
  async active_payout_exists() {
    return await claim(randomName(), { userId: (await won()).twitchUserId });
  },
  async lifetime_cap_reached() {
    const { twitchUserId, payoutId } = await won();
    await setStatus(payoutId, "InProgress");
    await setStatus(payoutId, "Sent");
    await world.database.query("update payouts set copper = 100000000 where payout_id = $1", [payoutId]);
    return await claim(randomName(), { userId: twitchUserId });
  },
  async not_enrolled() {
    const { spinCycleId, name } = await drawn();
    await world.database.query("delete from pool_entries");
    return await verify(spinCycleId, name);
  },
  invalid_character_name: () => claim("Robert'); drop"),
  invalid_payload: async () => world.post(CLAIM, {}, await viewer()),
  unauthorized: () => world.get("/api/roulette/state", "a.b.c"),
  forbidden: async () => world.get("/api/broadcaster/dashboard", await viewer()),
  forbidden_apikey: () => world.desktop("GET", "/api/payouts", undefined, { key: "wrong" }),
  async not_subscriber() {
    const strict = await world.startApi({ DEV_SKIP_SUBSCRIBER_CHECK: "false" });
    const response = await fetch(`http://127.0.0.1:${strict.port}${CLAIM}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${await viewer()}`, "Content-Type": "application/json" },
      body: JSON.stringify({ characterName: randomName(), enrollmentRequestId: "x" }),
    });
    return { status: response.status, body: await response.json() };
  },
  async terminal_status_change_not_allowed() {
    const { payoutId } = await won();
    await setStatus(payoutId, "Failed");
    return await setStatus(payoutId, "InProgress");
  },
  status_change_not_allowed: async () => setStatus((await won()).payoutId, "Sent"),
  not_found: () => setStatus(randomUUID(), "Failed"),
  async pool_empty() {
    await world.database.query("delete from pool_entries");
    return await verify((await world.spin(variant++)).spinCycleId, "Norinn");
  },
  async character_name_taken_in_pool() {
    const name = randomName();
    await claim(name);
    return await claim(name);
  },
  character_name_mismatch: async () => verify((await drawn()).spinCycleId, randomName()),
  async out_of_sequence() {
    const { spinCycleId, name } = await drawn();
    await verify(spinCycleId, name, false);
    return await verify(spinCycleId, name, true);
  },
  async gift_already_used() {
    const userId = `v-${randomUUID()}`;
    const { body } = await askForGift(userId);
    await world.desktop("POST", `/api/gift-requests/${body.id}/sent`);
    return await askForGift(userId);
  },
  async gift_request_active() {
    const userId = `v-${randomUUID()}`;
    await askForGift(userId);
    return await askForGift(userId);
  },
  async invalid_state() {
    const { body } = await askForGift(`v-${randomUUID()}`);
    await world.desktop("PATCH", `/api/gift-requests/${body.id}`, { state: "Failed", reason: "failed_by_streamer" });
    return await world.desktop("POST", `/api/gift-requests/${body.id}/confirm`, { confirmed: true });
  },
  async desktop_not_active() {
    const { payoutId } = await won();
    await world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "1" }, { id: randomUUID() });
    const refused = await setStatus(payoutId, "Failed", randomUUID());
    await world.database.query("delete from desktop_leases");
    return refused;
  },
  async held_by_other_desktop() {
    const { payoutId } = await won();
    await setStatus(payoutId, "InProgress", randomUUID());
    return await setStatus(payoutId, "InProgress", randomUUID());
  },
  async rate_limited() {
    const userId = `v-${randomUUID()}`;
    for (let time = 0; time < 5; time++) await claim(randomName(), { userId });
    return await claim(randomName(), { userId });
  },
  payload_too_large: async () => world.post(CLAIM, { characterName: "x".repeat(70_000) }, await viewer()),
  async unsupported_media_type() {
    const headers = { Authorization: `Bearer ${await viewer()}`, "Content-Type": "text/plain" };
    const response = await fetch(`${world.apiUrl}${CLAIM}`, { method: "POST", headers, body: "{}" });
    return { status: response.status, body: await response.json() };
  },
  method_not_allowed: async () => world.post("/api/roulette/state", {}, await viewer()),
  async temporarily_unavailable() {
    const { payoutId } = await won();
    await world.client.workflow.getHandle(`payout-${payoutId}`).terminate();
    return await setStatus(payoutId, "InProgress");
  },
  async internal() {
    const token = await viewer();
    await world.database.query("alter table pool_entries rename column character_name to hidden");
    try {
      return await world.get("/api/pool/me", token);
    } finally {
      await world.database.query("alter table pool_entries rename column hidden to character_name");
    }
  },
};

describe("a refusal", () => {
  it.each(Object.entries(REFUSED_BY))(
    "%s comes with its status and tells nothing of our insides",
    async (code, refuse) => {
      const { status, body } = await refuse();
      expect(body).toEqual({ code, message: expect.any(String), details: expect.any(Object) });
      expect(status).toBe(REFUSAL_STATUS[code as RefusalCode]);
      expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js):\d+|select |node_modules/);
    },
  );
});
