import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCallback } from "./callback-fixture.ts";
import { keyBytes } from "./extension-jwt.ts";
import { startTwitchSimulator, type TwitchSimulator } from "./server.ts";

const extensionSecret = "c2VjcmV0IG9mIHRoZSBleHRlbnNpb24rLw==";
const helixHeaders = {
  Authorization: "Bearer simulated",
  "Client-Id": "simulated",
  "Content-Type": "application/json",
};

let twitch: TwitchSimulator;
let log: string[];
beforeEach(async () => {
  log = [];
  twitch = await startTwitchSimulator({
    broadcasterId: "1001",
    botUserId: "1002",
    eventSubSecret: "a secret of ours",
    extensionSecret,
    log: (line) => log.push(line),
  });
});
afterEach(() => twitch.stop());

const chatLine = (fields: object = {}, headers: object = {}) =>
  fetch(`${twitch.helixUrl}/chat/messages`, {
    method: "POST",
    headers: { ...helixHeaders, ...headers },
    body: JSON.stringify({ broadcaster_id: "1001", sender_id: "1002", message: "hello", ...fields }),
  });

describe("chat", () => {
  it("keeps what was sent, and lets a test wait for it", async () => {
    const waiting = twitch.chat.waitFor(({ text }) => text === "hello");
    const answer = await chatLine();
    const { messageId } = await waiting;
    expect(await answer.json()).toEqual({ data: [{ message_id: messageId, is_sent: true, drop_reason: null }] });
    await expect(twitch.chat.waitFor(({ text }) => text === "never", 20)).rejects.toThrow();
  });

  it.each([
    [400, { message: "" }, {}],
    [400, { sender_id: undefined }, {}],
    [422, { message: "ж".repeat(501) }, {}],
    [403, { sender_id: "5" }, {}],
    [403, { broadcaster_id: "5" }, {}],
    [401, {}, { Authorization: "Bearer unknown" }],
    [401, {}, { Authorization: "" }],
    [401, {}, { "Client-Id": "" }],
  ])("refuses with %d what Twitch refuses: %j %j", async (status, fields, headers) => {
    const answer = await chatLine(fields, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, message: expect.any(String) });
    expect(twitch.chat.size).toBe(0);
  });

  it("meets its faults in the order in which they were queued, then works again", async () => {
    twitch.faults.add("chat", { kind: "status", status: 503 }, 2);
    twitch.faults.add("chat", { kind: "drop", code: "msg_rejected" });
    const statuses = [await chatLine(), await chatLine(), await chatLine(), await chatLine()].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([503, 503, 200, 200]);
    expect(twitch.chat.size).toBe(1);
    expect(twitch.faults.pending("chat")).toBe(0);
    expect(twitch.faults.requestCount("chat")).toBe(4);
  });
});

describe("the identity server", () => {
  const post = async (path: string, params: Record<string, string>) => {
    const answer = await fetch(`${twitch.authUrl}/${path}`, { method: "POST", body: new URLSearchParams(params) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const validate = async (token: unknown) =>
    (await fetch(`${twitch.authUrl}/validate`, { headers: { Authorization: `OAuth ${token}` } })).status;

  it("gives an application its token, by form and by query", async () => {
    const params = { client_id: "c", client_secret: "s", grant_type: "client_credentials" };
    const byForm = await post("token", params);
    const byQuery = await post(`token?${new URLSearchParams(params)}`, {});
    expect(byForm.body).toMatchObject({ token_type: "bearer", expires_in: expect.any(Number) });
    expect(byQuery.status).toBe(200);
    expect(await validate(byForm.body.access_token)).toBe(200);
    expect(await validate("unknown")).toBe(401);
  });

  it("writes neither secret nor token to its log", async () => {
    await post("token?client_id=c&client_secret=hush&grant_type=client_credentials", {});
    expect(log).toEqual(["twitch simulator: POST /oauth2/token 200"]);
  });

  it("runs the device code flow, whose refresh tokens work once", async () => {
    const scopes = "channel:read:subscriptions channel:bot";
    const started = await post("device", { client_id: "c", scopes });
    const redeem = () =>
      post("token", {
        client_id: "c",
        device_code: `${started.body.device_code}`,
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      });
    expect(await redeem()).toMatchObject({ status: 400, body: { message: "authorization_pending" } });
    expect(twitch.devices.approve(`${started.body.user_code}`, "1001")).toBe(true);
    const granted = await redeem();
    expect(granted.body).toMatchObject({ scope: scopes.split(" "), refresh_token: expect.any(String) });
    expect((await redeem()).status).toBe(400);

    const refresh = { client_id: "c", grant_type: "refresh_token", refresh_token: `${granted.body.refresh_token}` };
    expect((await post("token", refresh)).body).toMatchObject({ scope: scopes.split(" ") });
    expect(await post("token", refresh)).toMatchObject({ status: 400, body: { message: "Invalid refresh token" } });
  });
});

describe("extension PubSub", () => {
  const claims = {
    user_id: "1001",
    role: "external",
    channel_id: "1001",
    pubsub_perms: { send: ["broadcast"] },
    exp: Math.floor(Date.now() / 1000) + 60,
  };
  const publish = async (overrides: object = {}, message = "{}", secret = extensionSecret) => {
    const jwt = await new SignJWT({ ...claims, ...overrides })
      .setProtectedHeader({ alg: "HS256" })
      .sign(keyBytes(secret));
    const headers = { ...helixHeaders, Authorization: `Bearer ${jwt}` };
    const body = JSON.stringify({ target: ["broadcast"], broadcaster_id: "1001", message });
    return (await fetch(`${twitch.helixUrl}/extensions/pubsub`, { method: "POST", headers, body })).status;
  };

  it("keeps a message from whoever may send it", async () => {
    expect(await publish({}, '{"v":1}')).toBe(204);
    expect(twitch.pubSub.all()).toMatchObject([{ broadcasterId: "1001", targets: ["broadcast"], message: '{"v":1}' }]);
  });

  it("refuses everybody else, and more than 5 KiB", async () => {
    expect(await publish({}, "{}", "b3RoZXIgc2VjcmV0IG9mIHNvbWVib2R5")).toBe(401);
    expect(await publish({ role: "viewer" })).toBe(401);
    expect(await publish({ exp: 1 })).toBe(401);
    expect(await publish({ channel_id: "2" })).toBe(403);
    expect(await publish({ pubsub_perms: { send: ["whisper-1"] } })).toBe(403);
    expect(await publish({}, "ж".repeat(2_561))).toBe(422);
    expect(twitch.pubSub.size).toBe(0);
  });
});

describe("EventSub subscriptions", () => {
  const subscribe = (callback: string) =>
    fetch(`${twitch.helixUrl}/eventsub/subscriptions`, {
      method: "POST",
      headers: helixHeaders,
      body: JSON.stringify({
        type: "channel.chat.message",
        version: "1",
        condition: { user_id: "1002", broadcaster_user_id: "1001" },
        transport: { method: "webhook", callback, secret: "ten letters" },
      }),
    });

  it("are enabled by the challenge, refused a second time, and revoked with word to the callback", async () => {
    const callback = await startCallback(({ body }) => ({ status: 200, body: JSON.parse(body.toString()).challenge }));
    expect((await subscribe(callback.url)).status).toBe(202);
    await twitch.subscriptions.settled();
    const [subscription] = twitch.subscriptions.list();
    expect(subscription?.status).toBe("enabled");

    const second = await subscribe(callback.url);
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ data: [{ id: subscription?.id }] });

    await twitch.subscriptions.revoke(`${subscription?.id}`, "authorization_revoked");
    expect(JSON.parse(`${callback.received.at(-1)?.body}`).subscription.status).toBe("authorization_revoked");
    await callback.stop();
  });

  it("fail when the callback answers anything but the challenge", async () => {
    const callback = await startCallback(() => ({ status: 200, body: "something else" }));
    await subscribe(callback.url);
    await twitch.subscriptions.settled();
    expect(twitch.subscriptions.list()[0]?.status).toBe("webhook_callback_verification_failed");
    await callback.stop();
  });
});
