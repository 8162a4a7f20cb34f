import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { UserToken } from "./grants/grant-store.ts";
import { type SubscriberCheckOptions, subscriberCheck } from "./subscriptions.ts";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";

let fixture: TwitchFixture;
let grant: string;
const viewer = (viewerId: string) => ({ broadcasterId: "1001", viewerId });
const reject = vi.fn(async () => undefined);
beforeEach(async () => {
  fixture = await startTwitchFixture();
  grant = fixture.twitch.tokens.issueUser("our-client", "1001", ["channel:read:subscriptions"]).accessToken;
  fixture.twitch.people.subscribe("77");
  reject.mockClear();
});
afterEach(() => fixture.twitch.stop());

const granted = async (): Promise<UserToken> => ({ kind: "token", accessToken: grant, reject });
const check = (getBroadcasterToken: SubscriberCheckOptions["getBroadcasterToken"] = granted, timeoutMs = 2_000) =>
  subscriberCheck(fixture.access(), { getBroadcasterToken, timeoutMs });
const asked = () => fixture.twitch.faults.requestCount("subscriptions");

it("says yes of a subscriber and no of anybody else", async () => {
  const isSubscriber = check();
  expect(await isSubscriber(viewer("77"))).toBe("yes");
  expect(await isSubscriber(viewer("78"))).toBe("no");
});

it("does not take somebody else's subscription for this one", async () => {
  fixture.twitch.faults.add("subscriptions", { kind: "status", status: 200, body: { data: [{ user_id: "77" }] } });
  expect(await check()(viewer("78"))).toBe("no");
});

it("is unconfigured without the broadcaster's grant, and asks nothing", async () => {
  expect(await check(async () => ({ kind: "never_granted" }))(viewer("77"))).toBe("unconfigured");
  expect(asked()).toBe(0);
});

it("is unavailable while the broadcaster's token is, and asks nothing", async () => {
  expect(await check(async () => ({ kind: "unavailable" }))(viewer("77"))).toBe("unavailable");
  expect(asked()).toBe(0);
});

it.each([
  ["an error of the server", { kind: "status", status: 500 }],
  ["a spent budget", { kind: "status", status: 429 }],
  ["a broken connection", { kind: "reset" }],
  ["an unreadable answer", { kind: "status", status: 200, body: "{" }],
] as const)("is unavailable after %s", async (_, fault) => {
  fixture.twitch.faults.add("subscriptions", fault);
  const isSubscriber = check();
  expect(await isSubscriber(viewer("77"))).toBe("unavailable");
  expect(asked()).toBe(1);
  // What was not learnt is not remembered either.
  expect(await isSubscriber(viewer("77"))).toBe("yes");
});

it("is unavailable when no answer comes in time", async () => {
  fixture.twitch.faults.add("subscriptions", { kind: "hang" });
  expect(await check(granted, 100)(viewer("77"))).toBe("unavailable");
});

it("is unavailable when the grant cannot be read, or not in time", async () => {
  expect(await check(async () => Promise.reject(new Error("no database")))(viewer("77"))).toBe("unavailable");
  expect(await check(() => new Promise(() => undefined), 100)(viewer("77"))).toBe("unavailable");
});

it("gives a token back that Twitch refused", async () => {
  fixture.twitch.tokens.revoke(grant);
  expect(await check()(viewer("77"))).toBe("unavailable");
  expect(reject).toHaveBeenCalledOnce();
});

it("remembers a yes and a no for as long as each is good", async () => {
  const options = { getBroadcasterToken: granted, cacheMs: { yes: 60_000, no: 0 } };
  const isSubscriber = subscriberCheck(fixture.access(), options);
  expect(await isSubscriber(viewer("77"))).toBe("yes");
  expect(await isSubscriber(viewer("77"))).toBe("yes");
  expect(asked()).toBe(1);
  expect(await isSubscriber(viewer("78"))).toBe("no");
  fixture.twitch.people.subscribe("78");
  expect(await isSubscriber(viewer("78"))).toBe("yes");
});

it("forgets the oldest when there are too many", async () => {
  const isSubscriber = subscriberCheck(fixture.access(), { getBroadcasterToken: granted, maxEntries: 1 });
  await isSubscriber(viewer("77"));
  await isSubscriber(viewer("78"));
  await isSubscriber(viewer("77"));
  expect(asked()).toBe(3);
});
