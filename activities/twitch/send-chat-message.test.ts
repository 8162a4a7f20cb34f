import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendChatMessage } from "./send-chat-message.ts";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";

const message = "Награда отправлена персонажу Ёжик на почту, проверяй ящик!";

let fixture: TwitchFixture;
beforeEach(async () => {
  fixture = await startTwitchFixture();
});
afterEach(() => fixture.twitch.stop());

/** Sends once and checks, whatever came of it, that Twitch was asked once. */
async function sendOnce(overrides: Parameters<TwitchFixture["access"]>[0] = {}) {
  const outcome = await sendChatMessage(fixture.access(overrides), { broadcasterId: "1001", message });
  expect(fixture.twitch.faults.requestCount("chat")).toBe(1);
  return outcome;
}

const texts = () => fixture.twitch.chat.all().map(({ text }) => text);

describe("a message that Twitch took", () => {
  it("is sent by the bot, letter for letter", async () => {
    const outcome = await sendOnce();
    const [posted] = fixture.twitch.chat.all();
    expect(outcome).toEqual({ kind: "sent", messageId: posted?.messageId });
    expect(posted).toMatchObject({ text: message, senderId: "1002", broadcasterId: "1001" });
  });

  it("is sent by the broadcaster where there is no bot", async () => {
    expect(await sendOnce({ botUserId: null })).toMatchObject({ kind: "sent" });
    expect(fixture.twitch.chat.all()[0]?.senderId).toBe("1001");
  });

  it("needs no application where Twitch is simulated", async () => {
    expect(await sendOnce({ clientId: null, clientSecret: null })).toMatchObject({ kind: "sent" });
    expect(fixture.twitch.faults.requestCount("token")).toBe(0);
  });
});

describe("a message that is certainly not in chat", () => {
  it.each([400, 401, 403, 404, 409, 422])("is refused with %d", async (status) => {
    fixture.twitch.faults.add("chat", { kind: "status", status, body: { status, message: "in Twitch's words" } });
    expect(await sendOnce()).toEqual({ kind: "refused", reason: `http_${status}`, detail: "in Twitch's words" });
    expect(texts()).toEqual([]);
  });

  it("is refused with 429 and the time until the budget is full again", async () => {
    const reset = Math.floor(Date.now() / 1000) + 30;
    fixture.twitch.faults.add("chat", { kind: "status", status: 429, headers: { "Ratelimit-Reset": `${reset}` } });
    const outcome = await sendOnce();
    expect(outcome).toMatchObject({ kind: "refused", reason: "http_429" });
    const retryAfterMs = outcome.kind === "refused" ? outcome.retryAfterMs : undefined;
    expect(retryAfterMs).toBeGreaterThan(25_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  it("is refused with whatever drop code Twitch gives", async () => {
    fixture.twitch.faults.add("chat", { kind: "drop", code: "msg_duplicate", message: "said already" });
    expect(await sendOnce()).toEqual({ kind: "refused", reason: "msg_duplicate", detail: "said already" });
  });

  it("is refused when dropped without a reason", async () => {
    fixture.twitch.faults.add("chat", { kind: "drop", code: null });
    expect(await sendOnce()).toEqual({ kind: "refused", reason: "dropped" });
  });

  it("is refused when nobody listens at the address", async () => {
    const access = fixture.access({ helixUrl: `http://127.0.0.1:${await freePort()}/helix` });
    expect(await sendChatMessage(access, { broadcasterId: "1001", message })).toEqual({
      kind: "refused",
      reason: "unreachable",
    });
  });

  it("is refused when the name does not resolve", async () => {
    const access = fixture.access({ helixUrl: "http://twitch.invalid/helix" });
    expect(await sendChatMessage(access, { broadcasterId: "1001", message })).toEqual({
      kind: "refused",
      reason: "unreachable",
    });
  });

  it("is refused, and Twitch's chat not asked, when there is no token", async () => {
    fixture.twitch.faults.add("token", { kind: "status", status: 403 });
    const outcome = await sendChatMessage(fixture.access(), { broadcasterId: "1001", message });
    expect(outcome).toEqual({ kind: "refused", reason: "no_token", detail: "http_403" });
    expect(fixture.twitch.faults.requestCount("chat")).toBe(0);
  });
});

it("is held when AutoMod has it", async () => {
  fixture.twitch.faults.add("chat", { kind: "drop", code: "automod_held" });
  expect(await sendOnce()).toEqual({ kind: "held", reason: "automod_held" });
});

describe("a message of which nobody knows whether it is in chat", () => {
  it.each([true, false])("is unknown when no answer comes in time, stored %s", async (effect) => {
    fixture.twitch.faults.add("chat", { kind: "hang", effect });
    expect(await sendOnce({ timeoutMs: 150 })).toEqual({ kind: "unknown", reason: "timeout" });
    expect(texts()).toEqual(effect ? [message] : []);
  });

  it.each([true, false])("is unknown when the connection breaks after the request, stored %s", async (effect) => {
    fixture.twitch.faults.add("chat", { kind: "reset", effect });
    expect(await sendOnce()).toEqual({ kind: "unknown", reason: "reset" });
    expect(texts()).toEqual(effect ? [message] : []);
  });

  it("is unknown when the answer breaks off", async () => {
    fixture.twitch.faults.add("chat", { kind: "cut", effect: true });
    expect(await sendOnce()).toEqual({ kind: "unknown", reason: "reset" });
    expect(texts()).toEqual([message]);
  });

  it.each([500, 502, 503, 504])("is unknown after %d, stored all the same", async (status) => {
    fixture.twitch.faults.add("chat", { kind: "status", status, effect: true });
    expect(await sendOnce()).toEqual({ kind: "unknown", reason: "server_error" });
    expect(texts()).toEqual([message]);
  });

  it.each([
    ["no JSON", "<html>hello</html>"],
    ["nothing", ""],
    ["another shape", { data: [] }],
    ["no word on whether it was sent", { data: [{ message_id: "1" }] }],
  ])("is unknown after 200 with %s", async (_, body) => {
    fixture.twitch.faults.add("chat", { kind: "status", status: 200, body, effect: true });
    expect(await sendOnce()).toEqual({ kind: "unknown", reason: "unreadable_answer" });
  });

  it("is not posted again where it was redirected to", async () => {
    const headers = { Location: `${fixture.twitch.helixUrl}/chat/messages` };
    fixture.twitch.faults.add("chat", { kind: "status", status: 307, headers });
    expect(await sendOnce()).toEqual({ kind: "unknown", reason: "unreadable_answer" });
  });
});

it("waits for a slow answer that is in time", async () => {
  fixture.twitch.faults.add("chat", { kind: "slow", delayMs: 100 });
  expect(await sendOnce()).toMatchObject({ kind: "sent" });
});

it("takes a new token after a 401, for the next attempt", async () => {
  const access = fixture.access();
  const first = await access.appTokens.get();
  fixture.twitch.tokens.revoke(first.accessToken);
  expect(await sendChatMessage(access, { broadcasterId: "1001", message })).toMatchObject({
    kind: "refused",
    reason: "http_401",
  });
  expect(await sendChatMessage(access, { broadcasterId: "1001", message })).toMatchObject({ kind: "sent" });
  expect(fixture.twitch.faults.requestCount("token")).toBe(2);
});

/** A port on which nobody listens, for the moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
