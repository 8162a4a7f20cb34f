import { randomBytes, randomUUID } from "node:crypto";
import { extensionJwt } from "@mgm/simulator/twitch/extension-jwt";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, eventually, startWorld, type World } from "../../../temporal/test/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({
    worker: false,
    settings: { LIMIT_WRITES: "1000", LIMIT_READS: "1000", LIMIT_MODERATOR: "1000" },
  });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.query("truncate pool_entries, pool_exits, claims, payouts, payout_events, announcement_claims");
});

async function claim(
  userId: string,
  characterName: unknown,
  enrollmentRequestId: unknown = randomUUID(),
): Promise<Answer> {
  const token = await world.token({ role: "viewer", userId });
  return await world.post("/api/payouts/claim", { characterName, enrollmentRequestId }, token);
}

async function membership(userId: string): Promise<Answer["body"]> {
  return (await world.get("/api/pool/me", await world.token({ role: "viewer", userId }))).body;
}

async function plantPayout(user: string, status: string): Promise<void> {
  await world.database.query(
    `insert into payouts (payout_id, broadcaster_id, spin_cycle_id, twitch_user_id, twitch_display_name, character_name,
       enrollment_request_id, copper, status, version, created_at, updated_at, expires_at, visible_from, timings)
     values ($1, $2, $3, $4, 'x', 'Old', 'r', 10000000, $5, 1, now(), now(), now(), now(), '{}')`,
    [randomUUID(), world.broadcasterId, randomUUID(), user, status],
  );
}

describe("a claim", () => {
  it("enrols, and the same claim again is answered as the first", async () => {
    const id = "any printable text, spaces too";
    expect(await claim("one", "norinn", id)).toMatchObject({
      status: 201,
      body: { characterName: "Norinn", enrollmentRequestId: id },
    });
    expect(await claim("one", "NORINN", id)).toMatchObject({ status: 200, body: { characterName: "Norinn" } });
    expect(await membership("one")).toEqual({ isEnrolled: true, characterName: "Norinn", identityRequired: false });
  });

  it("cannot be overtaken by a removal that is newer than a command", async () => {
    const token = await world.token({ role: "moderator", userId: "mod" });
    const headers = { Authorization: `Bearer ${token}` };
    const badge = { set_id: "subscriber", id: "0", info: "1" };
    for (let round = 0; round < 40; round++) {
      const id = `racer-${round}`;
      const line = { chatter: { id, login: id, displayName: id }, text: "!twgold Racer", badges: [badge] };
      await world.chat.say(line, { timestamp: new Date(Date.now() - 2_000) });
      await Promise.all([
        world.chat.say({ ...line, text: "!twgold Faster" }, { timestamp: new Date(Date.now() - 1_000) }),
        fetch(`${world.apiUrl}/api/broadcaster/pool/${id}`, { method: "DELETE", headers }),
      ]);
      expect({ round, ...(await membership(id)) }).toMatchObject({ round, isEnrolled: false });
    }
  });

  it("enrols nobody when it is repeated after a removal", async () => {
    const id = randomUUID();
    await claim("one", "Norinn", id);
    const token = await world.token({ role: "moderator", userId: "mod" });
    const removal = () =>
      fetch(`${world.apiUrl}/api/broadcaster/pool/one`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${token}` },
      });
    expect((await removal()).status).toBe(204);
    expect((await claim("one", "Norinn", id)).status).toBe(200);
    expect((await membership("one")).isEnrolled).toBe(false);
    expect((await removal()).status).toBe(204);
  });

  it("is a duplicate with another user or another name", async () => {
    const id = randomUUID();
    await claim("one", "Norinn", id);
    for (const [user, name] of [
      ["two", "Norinn"],
      ["one", "Zugzug"],
    ] as const) {
      expect(await claim(user, name, id)).toMatchObject({ status: 409, body: { code: "duplicate_enrollment" } });
    }
  });

  it("keeps no id when it is refused, and enrols once when it comes 20 times at once", async () => {
    const id = randomUUID();
    await claim("holder", "Norinn");
    expect(await claim("one", "Norinn", id)).toMatchObject({ body: { code: "character_name_taken_in_pool" } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim("one", "Zugzug", id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
  });

  it.each([
    ["no name", undefined, undefined],
    ["a NUL in the name", "Nor\0inn", undefined],
    ["a name that is no text", 5, undefined],
    ["an empty id", "Norinn", ""],
    ["an id of 129 characters", "Norinn", "x".repeat(129)],
    ["an id with a line feed", "Norinn", "a\nb"],
    ["an id beyond ASCII", "Norinn", "ё"],
  ])("with %s is no valid payload", async (_, name, id) => {
    expect(await claim("one", name, id)).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
  });

  it("says what is wrong with a name", async () => {
    for (const [name, reason] of [
      ["A", "length"],
      ["x".repeat(300), "length"],
      ["Nor1nn", "letters"],
      ["Nоrinn", "mixed_script"],
    ] as const) {
      expect(await claim("one", name)).toMatchObject({
        status: 400,
        body: { code: "invalid_character_name", details: { reason } },
      });
    }
  });

  it("is checked in order: payout before cap, cap before the name", async () => {
    await claim("holder", "Norinn");
    for (let i = 0; i < 10; i++) await plantPayout("one", "Sent");
    expect((await claim("one", "Norinn")).body.code).toBe("lifetime_cap_reached");
    await plantPayout("one", "Pending");
    expect((await claim("one", "Norinn")).body.code).toBe("active_payout_exists");
  });

  it("counts gold towards the cap that went out although its payout had ended", async () => {
    for (let i = 0; i < 9; i++) await plantPayout("one", "Sent");
    await plantPayout("one", "Failed");
    expect((await claim("one", "Norinn")).status).toBe(201);
    await world.database.query("update payouts set mail_confirmed_at = now() where status = 'Failed'");
    expect((await claim("one", "Norinn")).body.code).toBe("lifetime_cap_reached");
  });

  it("gets a name once when three viewers find it free at the same moment", async () => {
    const barrier = await world.database.connect();
    await barrier.query("begin");
    await barrier.query("lock table pool_entries in share mode");
    const racing = Promise.all(["one", "two", "three"].map((user) => claim(user, "Norinn")));
    // Each has found the name free by now, and waits to take it.
    await eventually(async () => {
      const { rowCount } = await world.database.query(
        `select from pg_locks join pg_database on pg_database.oid = database
          where datname = current_database() and relation = 'pool_entries'::regclass and not granted`,
      );
      return rowCount === 3;
    });
    await barrier.query("commit");
    barrier.release();
    const told = (await racing).map(({ status, body }) => (status === 201 ? "enrolled" : body.code));
    const taken = "character_name_taken_in_pool";
    expect(told.sort()).toEqual([taken, taken, "enrolled"]);
  });

  it("is not for the broadcaster and the bot, nor for who shares no identity", async () => {
    for (const user of [world.broadcasterId, "bot"]) {
      expect(await claim(user, "Norinn")).toMatchObject({
        status: 403,
        body: { code: "forbidden", details: { reason: "own_channel" } },
      });
    }
    const token = await world.token({ role: "viewer", unlinked: "somebody" });
    const body = { characterName: "Norinn", enrollmentRequestId: "x" };
    expect(await world.post("/api/payouts/claim", body, token)).toMatchObject({
      status: 403,
      body: { code: "forbidden", details: { reason: "identity_required" } },
    });
    expect((await world.get("/api/pool/me", token)).body).toEqual({
      isEnrolled: false,
      characterName: null,
      identityRequired: true,
    });
    expect((await world.get("/api/payouts/my-last", token)).status).toBe(404);
  });

  it("is refused without the subscriber check's consent", async () => {
    const strict = await world.startApi({ DEV_SKIP_SUBSCRIBER_CHECK: "false" });
    const token = await world.token({ role: "viewer", userId: "one" });
    const ask = () =>
      fetch(`http://127.0.0.1:${strict.port}/api/payouts/claim`, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ characterName: "Norinn", enrollmentRequestId: "x" }),
      });
    const response = await ask();
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "not_subscriber" });
    // A replay is answered before anybody is asked about a subscription.
    await claim("one", "Norinn", "x");
    expect((await ask()).status).toBe(200);
  });
});

describe("the door for viewers", () => {
  const state = "/api/roulette/state";
  it.each([
    ["an expired token", { exp: Math.floor(Date.now() / 1000) - 31 }],
    ["a token without end", { exp: undefined }],
    ["another channel's token", { channel_id: "another" }],
    ["a role of the extension's backend", { role: "external" }],
    ["no role", { role: undefined }],
    ["nobody's token", { user_id: undefined, opaque_user_id: undefined }],
  ])("refuses %s", async (_, claims) => {
    const token = await world.token({ role: "viewer", userId: "one" }, claims);
    expect(await world.get(state, token)).toMatchObject({ status: 401, body: { code: "unauthorized" } });
  });

  it("tolerates a clock that is half a minute off", async () => {
    const exp = Math.floor(Date.now() / 1000) - 20;
    expect((await world.get(state, await world.token({ role: "viewer", userId: "one" }, { exp }))).status).toBe(200);
  });

  it("opens for logged-out viewers, and for no token not at all", async () => {
    expect((await world.get(state, await world.token({ role: "viewer", anonymous: "x" }))).status).toBe(200);
    expect((await world.get(state)).status).toBe(401);
    expect((await world.get(state, "a.b.c")).status).toBe(401);
  });

  it("takes every secret of a rotation, and no other algorithm than Twitch's", async () => {
    const secret = world.environment.TWITCH_EXTENSION_SECRETS ?? "";
    const rotating = await world.startApi({
      TWITCH_EXTENSION_SECRETS: `${randomBytes(32).toString("base64")},${secret}`,
    });
    const ask = async (algorithm: "HS256" | "HS384" | "HS512" | "none") => {
      const token = await extensionJwt(
        { role: "viewer", userId: "one" },
        { secret, channelId: world.broadcasterId, algorithm },
      );
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${rotating.port}${state}`, { headers })).status;
    };
    expect(await Promise.all((["HS256", "HS384", "HS512", "none"] as const).map(ask))).toEqual([200, 401, 401, 401]);
  });

  it("lets no viewer into the broadcaster's rooms", async () => {
    const token = await world.token({ role: "viewer", userId: "one" });
    const cancel = `/api/broadcaster/payouts/${randomUUID()}/cancel`;
    expect(await world.post(cancel, {}, token)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const moderator = await world.token({ role: "moderator", userId: "mod" });
    expect((await world.post(cancel, {}, moderator)).status).toBe(403);
    expect((await world.post(cancel, {}, await world.token({ role: "broadcaster" }))).status).toBe(404);
  });
});

describe("the door for desktops", () => {
  it("needs the key", async () => {
    for (const key of ["", "wrong", `${world.environment.DESKTOP_API_KEYS} `]) {
      expect(await world.desktop("GET", "/api/payouts/pending", undefined, { key })).toMatchObject(
        key.endsWith(" ") ? { status: 200 } : { status: 403, body: { code: "forbidden_apikey" } },
      );
    }
  });
});

describe("what is asked in the wrong way", () => {
  it("is told so", async () => {
    const token = await world.token({ role: "viewer", userId: "one" });
    const propfind = await fetch(`${world.apiUrl}/api/nothing`, { method: "PROPFIND" });
    expect(propfind.status).toBe(404);
    const removal = await fetch(`${world.apiUrl}/api/broadcaster/pool/a%00b`, {
      method: "DELETE",
      headers: { Authorization: `Bearer ${await world.token({ role: "broadcaster" })}` },
    });
    expect(removal.status).toBe(404);
    expect(await world.get("/api/nothing", token)).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await world.post("/api/roulette/state", {}, token)).toMatchObject({
      status: 405,
      body: { code: "method_not_allowed" },
    });
    const post = async (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) => {
      const all = { Authorization: `Bearer ${token}`, ...headers };
      const response = await fetch(`${world.apiUrl}/api/payouts/claim`, { method: "POST", headers: all, body });
      return { status: response.status, body: await response.json() };
    };
    expect(await post({ "Content-Type": "text/plain" }, "{}")).toMatchObject({
      status: 415,
      body: { code: "unsupported_media_type" },
    });
    const json = { "Content-Type": "application/json" };
    expect(await post(json, "{")).toMatchObject({ status: 400, body: { code: "invalid_payload" } });
    const noText = new Uint8Array([...Buffer.from('{"characterName":"'), 0xff, ...Buffer.from('"}')]);
    expect(await post(json, noText)).toMatchObject({ status: 400, body: { details: { reason: "not_json" } } });
    const large = JSON.stringify({ characterName: "x".repeat(70_000) });
    expect(await post(json, large)).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
    expect((await fetch(`${world.apiUrl}/healthz`)).headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
