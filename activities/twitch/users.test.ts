import { afterEach, beforeEach, expect, it } from "vitest";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";
import { displayNameLookup } from "./users.ts";

let fixture: TwitchFixture;
beforeEach(async () => {
  fixture = await startTwitchFixture();
  for (const id of ["1", "2", "3"]) fixture.twitch.people.add({ id, login: `login${id}`, displayName: `Имя${id}` });
});
afterEach(() => fixture.twitch.stop());

const userRequests = () => fixture.twitch.faults.requestCount("users");

it("finds the name that Twitch shows and remembers it", async () => {
  const displayName = displayNameLookup(fixture.access());
  expect(await displayName("1")).toBe("Имя1");
  expect(await displayName("1")).toBe("Имя1");
  expect(userRequests()).toBe(1);
});

it("asks again when the name is too old", async () => {
  const displayName = displayNameLookup(fixture.access(), { ttlMs: 0 });
  await displayName("1");
  await displayName("1");
  expect(userRequests()).toBe(2);
});

it("forgets the oldest when it remembers too many", async () => {
  const displayName = displayNameLookup(fixture.access(), { maxEntries: 2 });
  for (const id of ["1", "2", "3", "2", "3"]) await displayName(id);
  expect(userRequests()).toBe(3);
  await displayName("1");
  expect(userRequests()).toBe(4);
});

it("is null for somebody whom Twitch does not know", async () => {
  expect(await displayNameLookup(fixture.access())("404")).toBeNull();
});

it.each([
  ["users", { kind: "status", status: 503 }],
  ["users", { kind: "reset" }],
  ["users", { kind: "hang" }],
  ["token", { kind: "status", status: 400 }],
  ["token", { kind: "hang" }],
] as const)("is null after a failure at %s, and asks again the next time", async (endpoint, fault) => {
  fixture.twitch.faults.add(endpoint, fault);
  const displayName = displayNameLookup(fixture.access({ timeoutMs: 200 }), { timeoutMs: 200 });
  expect(await displayName("1")).toBeNull();
  fixture.twitch.faults.clear();
  await expect.poll(() => displayName("1")).toBe("Имя1");
});

it("takes a new token when the old one is refused", async () => {
  const access = fixture.access();
  const displayName = displayNameLookup(access);
  await access.appTokens.get();
  fixture.twitch.tokens.revokeAll();
  expect(await displayName("1")).toBeNull();
  expect(await displayName("1")).toBe("Имя1");
});
