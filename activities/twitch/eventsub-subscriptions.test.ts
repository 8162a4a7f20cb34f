import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkChatSubscription, ensureChatSubscription, listChatSubscriptions } from "./eventsub-subscriptions.ts";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";

const secret = "a secret of ours";
const broadcasterId = "1001";
const condition = { broadcaster_user_id: broadcasterId, user_id: "1002" };

let fixture: TwitchFixture;
let webhook: Server;
let callbackUrl: string;
beforeEach(async () => {
  fixture = await startTwitchFixture();
  webhook = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader("Content-Type", "text/plain");
    response.end(JSON.parse(Buffer.concat(chunks).toString()).challenge);
  });
  await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
  callbackUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/api/twitch/eventsub`;
});
afterEach(async () => {
  webhook.closeAllConnections();
  webhook.close();
  await fixture.twitch.subscriptions.settled();
  await fixture.twitch.stop();
});

const store = () => fixture.twitch.subscriptions;
const ensure = (knownId: string | null = null) =>
  ensureChatSubscription(fixture.access(), {
    broadcasterId,
    callbackUrl,
    secret,
    knownId,
    deadline: AbortSignal.timeout(5_000),
  });
const left = (status: string, overrides: object = {}) =>
  store().put(
    { type: "channel.chat.message", version: "1", condition, callback: callbackUrl, secret, ...overrides },
    status,
  );
const ids = () =>
  store()
    .list()
    .map(({ id }) => id);

describe("with nothing there", () => {
  it("creates one for the bot in the channel, which Twitch then verifies", async () => {
    const created = await ensure();
    expect(created).toEqual({ status: "pending", id: ids()[0], isOurSecret: true });
    await store().settled();
    expect(store().list()).toMatchObject([
      {
        status: "enabled",
        type: "channel.chat.message",
        version: "1",
        condition,
        transport: { callback: callbackUrl },
      },
    ]);
    expect(await ensure(ids()[0])).toEqual({ status: "enabled", id: created.id, isOurSecret: true });
    expect(store().list()).toHaveLength(1);
  });

  it("reads with the broadcaster's account where there is no bot", async () => {
    await ensureChatSubscription(fixture.access({ botUserId: null }), {
      broadcasterId,
      callbackUrl,
      secret,
      knownId: null,
    });
    expect(store().list()[0]?.condition).toEqual({ broadcaster_user_id: "1001", user_id: "1001" });
  });
});

describe("with one there", () => {
  it.each(["enabled", "webhook_callback_verification_pending"])("leaves it alone when %s", async (status) => {
    const { id } = left(status);
    const kept = { status: status === "enabled" ? "enabled" : "pending", id, isOurSecret: true };
    expect(await ensure(id)).toEqual(kept);
    expect(ids()).toEqual([id]);
  });

  it.each(["enabled", "webhook_callback_verification_pending"])(
    "replaces it when %s, if it may have been made with another secret",
    async (status) => {
      const { id } = left(status, { secret: "a secret of old" });
      const replaced = await ensure();
      expect(replaced).toMatchObject({ status: "pending", isOurSecret: true });
      expect(ids()).toEqual([replaced.id]);
      expect(replaced.id).not.toBe(id);
      // Twitch asks our callback with the new one.
      await store().settled();
      expect(store().list()).toMatchObject([{ status: "enabled" }]);
    },
  );

  it.each([
    "webhook_callback_verification_failed",
    "notification_failures_exceeded",
    "authorization_revoked",
    "chat_user_banned",
    "something_new",
  ])("replaces it when %s", async (status) => {
    const { id } = left(status);
    const replaced = await ensure(id);
    expect(replaced.status).toBe("pending");
    expect(ids()).toEqual([replaced.id]);
    expect(replaced.id).not.toBe(id);
  });

  it("touches no other callback, channel or type, and finds its own on a later page", async () => {
    const others = [
      left("enabled", { callback: "https://elsewhere.example/api/twitch/eventsub" }),
      left("enabled", { condition: { ...condition, broadcaster_user_id: "9" } }),
      left("authorization_revoked", { condition: { ...condition, broadcaster_user_id: "8" } }),
      left("authorization_revoked", { type: "channel.follow" }),
    ].map(({ id }) => id);
    const { id } = left("enabled");
    expect(await ensure(id)).toEqual({ status: "enabled", id, isOurSecret: true });
    expect(ids()).toEqual([...others, id]);
  });
});

describe("when Twitch does not play along", () => {
  it("takes the one that a conflict names as made, with a secret that nobody knows", async () => {
    // The list is read before somebody else creates it.
    fixture.twitch.faults.add("eventsub", {
      kind: "status",
      status: 200,
      body: { data: [], total: 0, pagination: {} },
    });
    const { id } = left("enabled");
    expect(await ensure()).toEqual({ status: "enabled", id, isOurSecret: false });
  });

  it("is revoked when the grant is gone", async () => {
    left("authorization_revoked");
    const before = fixture.twitch.faults;
    before.add("eventsub", { kind: "slow", delayMs: 0 }, 2);
    before.add("eventsub", {
      kind: "status",
      status: 403,
      body: { message: "subscription missing proper authorization" },
    });
    expect(await ensure()).toEqual({ status: "revoked", reason: "http_403" });
  });

  it("is failed when Twitch refuses for another reason", async () => {
    fixture.twitch.faults.add("eventsub", { kind: "slow", delayMs: 0 });
    fixture.twitch.faults.add("eventsub", { kind: "status", status: 400 });
    expect(await ensure()).toEqual({ status: "failed", reason: "http_400" });
  });

  it("is unknown when Twitch does not say what there is", async () => {
    fixture.twitch.faults.add("eventsub", { kind: "status", status: 400 });
    expect(await ensure()).toEqual({ status: "unknown", reason: "http_400" });
  });

  it("is unknown without a token", async () => {
    fixture.twitch.faults.add("token", { kind: "status", status: 400 });
    expect(await ensure()).toEqual({ status: "unknown", reason: "no_token" });
  });

  it("gives up at the deadline, also while Twitch's rate limit has it wait", async () => {
    const reset = `${Math.ceil(Date.now() / 1000) + 3_600}`;
    const headers = { "Ratelimit-Remaining": "0", "Ratelimit-Reset": reset };
    fixture.twitch.faults.add("eventsub", { kind: "status", status: 429, headers });
    const deadline = AbortSignal.timeout(300);
    const ensured = await ensureChatSubscription(fixture.access(), {
      broadcasterId,
      callbackUrl,
      secret,
      knownId: null,
      deadline,
    });
    expect(ensured).toEqual({ status: "unknown", reason: "timeout" });
  });

  it("takes a new token after a 401 and goes on", async () => {
    const access = fixture.access();
    await access.appTokens.get();
    fixture.twitch.tokens.revokeAll();
    expect(await ensureChatSubscription(access, { broadcasterId, callbackUrl, secret, knownId: null })).toMatchObject({
      status: "pending",
    });
    expect(fixture.twitch.faults.requestCount("token")).toBe(2);
  });

  it("is failed later when the callback does not answer the challenge", async () => {
    await ensureChatSubscription(fixture.access(), {
      broadcasterId,
      callbackUrl: "http://127.0.0.1:9/none",
      secret,
      knownId: null,
    });
    await store().settled();
    expect(await listChatSubscriptions(fixture.access(), { broadcasterId })).toMatchObject([
      { status: "failed", twitchStatus: "webhook_callback_verification_failed" },
    ]);
  });
});

describe("a check of one subscription", () => {
  const check = (id: string) => checkChatSubscription(fixture.access(), { broadcasterId, id });

  it("tells how it stands and touches nothing", async () => {
    const { id: standing } = left("enabled");
    const { id: young } = left("webhook_callback_verification_pending");
    const { id: ended } = left("chat_user_banned");
    expect(await check(standing)).toEqual({ status: "enabled", id: standing });
    expect(await check(young)).toEqual({ status: "pending", id: young });
    expect(await check(ended)).toEqual({ status: "revoked", reason: "chat_user_banned" });
    expect(await check("another")).toEqual({ status: "failed", reason: "gone" });
    expect(ids()).toEqual([standing, young, ended]);
  });

  it("is unknown when Twitch does not say", async () => {
    fixture.twitch.faults.add("eventsub", { kind: "status", status: 400 });
    expect(await check("any")).toEqual({ status: "unknown", reason: "http_400" });
  });
});
