import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AppTokenError } from "./app-token.ts";
import { startTwitchFixture, type TwitchFixture } from "./twitch-fixture.ts";
import { twitchDefaults } from "./twitch-settings.ts";

let fixture: TwitchFixture;
beforeEach(async () => {
  fixture = await startTwitchFixture();
});
afterEach(() => fixture.twitch.stop());

const tokenRequests = () => fixture.twitch.faults.requestCount("token");

it("takes one token however many ask at once, and keeps it", async () => {
  const { appTokens } = fixture.access();
  const taken = await Promise.all([appTokens.get(), appTokens.get(), appTokens.get()]);
  taken.push(await appTokens.get());
  expect(new Set(taken.map(({ accessToken }) => accessToken)).size).toBe(1);
  expect(taken[0]?.clientId).toBe("our-client");
  expect(tokenRequests()).toBe(1);
});

it("takes a new one when the old one has ended", async () => {
  const body = { access_token: "short", expires_in: 59, token_type: "bearer" };
  fixture.twitch.faults.add("token", { kind: "status", status: 200, body });
  const { appTokens } = fixture.access();
  expect((await appTokens.get()).accessToken).toBe("short");
  expect((await appTokens.get()).accessToken).not.toBe("short");
});

it("forgets a refused token once, and not the one that replaced it", async () => {
  const { appTokens } = fixture.access();
  const first = await appTokens.get();
  appTokens.drop(first.accessToken);
  const second = await appTokens.get();
  appTokens.drop(first.accessToken);
  expect(await appTokens.get()).toEqual(second);
  expect(tokenRequests()).toBe(2);
});

it("asks again after a failure", async () => {
  fixture.twitch.faults.add("token", { kind: "reset" });
  const { appTokens } = fixture.access();
  await expect(appTokens.get()).rejects.toMatchObject({ reason: "reset" });
  expect((await appTokens.get()).accessToken).toBeTruthy();
});

it.each([
  ["http_400", { kind: "status", status: 400, body: { message: "invalid client secret" } }],
  ["http_503", { kind: "status", status: 503 }],
  ["unreadable_answer", { kind: "status", status: 200, body: "<html>" }],
  ["timeout", { kind: "hang" }],
] as const)("fails with %s and quotes no secret", async (reason, fault) => {
  fixture.twitch.faults.add("token", fault);
  const error = await fixture
    .access({ timeoutMs: 150 })
    .appTokens.get()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppTokenError);
  expect(error).toMatchObject({ reason });
  expect(inspect(error, { depth: 10 })).not.toContain("our-client-secret");
});

it("is unconfigured without the secret", async () => {
  await expect(fixture.access({ clientSecret: null }).appTokens.get()).rejects.toMatchObject({
    reason: "unconfigured",
  });
  expect(tokenRequests()).toBe(0);
});

it("never uses the simulated token on the real Twitch", async () => {
  const { appTokens } = fixture.access({ clientId: null, helixUrl: twitchDefaults.helixUrl });
  await expect(appTokens.get()).rejects.toMatchObject({ reason: "unconfigured" });
});
