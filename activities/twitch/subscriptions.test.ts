import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { subscriberCheck } from "./subscriptions.ts";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";

let fixture: TwitchFixture;
let grant: string;
beforeEach(async () => {
  fixture = await startTwitchFixture();
  grant = fixture.twitch.tokens.issueUser("our-client", "1001", ["channel:read:subscriptions"]).accessToken;
  fixture.twitch.people.subscribe("77");
});
afterEach(() => fixture.twitch.stop());

const check = (getBroadcasterToken: () => Promise<string | null>, timeoutMs = 2_000) =>
  subscriberCheck(fixture.access(), { getBroadcasterToken, timeoutMs });

it("says yes of a subscriber and no of anybody else", async () => {
  const isSubscriber = check(async () => grant);
  expect(await isSubscriber("77")).toBe("yes");
  expect(await isSubscriber("78")).toBe("no");
});

it("does not take somebody else's subscription for this one", async () => {
  fixture.twitch.faults.add("subscriptions", { kind: "status", status: 200, body: { data: [{ user_id: "77" }] } });
  expect(await check(async () => grant)("78")).toBe("no");
});

it("is unconfigured without the broadcaster's grant, and asks nothing", async () => {
  expect(await check(async () => null)("77")).toBe("unconfigured");
  expect(fixture.twitch.faults.requestCount("subscriptions")).toBe(0);
});

it.each([
  ["an error of the server", { kind: "status", status: 500 }],
  ["a spent budget", { kind: "status", status: 429 }],
  ["a broken connection", { kind: "reset" }],
  ["an unreadable answer", { kind: "status", status: 200, body: "{" }],
] as const)("is unavailable after %s", async (_, fault) => {
  fixture.twitch.faults.add("subscriptions", fault);
  expect(await check(async () => grant)("77")).toBe("unavailable");
  expect(fixture.twitch.faults.requestCount("subscriptions")).toBe(1);
});

it("is unavailable when no answer comes in time", async () => {
  fixture.twitch.faults.add("subscriptions", { kind: "hang" });
  expect(await check(async () => grant, 100)("77")).toBe("unavailable");
});

it("is unavailable when the grant cannot be read, or not in time", async () => {
  expect(await check(async () => Promise.reject(new Error("no database")))("77")).toBe("unavailable");
  expect(await check(() => new Promise(() => undefined), 100)("77")).toBe("unavailable");
});

it("tells of a grant that Twitch refused", async () => {
  const onTokenRejected = vi.fn();
  fixture.twitch.tokens.revoke(grant);
  const isSubscriber = subscriberCheck(fixture.access(), { getBroadcasterToken: async () => grant, onTokenRejected });
  expect(await isSubscriber("77")).toBe("unavailable");
  expect(onTokenRejected).toHaveBeenCalledExactlyOnceWith(grant);
});
