import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../../temporal/test/engines.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { startTwitchFixture, type TwitchFixture } from "../twitch-fixture.ts";
import { GrantStore } from "./grant-store.ts";
import { neededGrants } from "./scopes.ts";
import { TokenSeal } from "./token-seal.ts";

const BROADCASTER = "1001";
const BOT = "1002";
/** An account's grant for the channel. */
const of = (twitchUserId: string) => ({ broadcasterId: BROADCASTER, twitchUserId });

let cloned: TestDatabase;
let database: Database;
let fixture: TwitchFixture;
beforeAll(async () => {
  cloned = await cloneDatabase();
  const limits = { maxConnections: 8, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});
const key = randomBytes(32);
beforeEach(async () => {
  fixture = await startTwitchFixture();
});
afterEach(async () => {
  await database.query("truncate twitch_grants");
  await fixture.twitch.stop();
});

const log = pino({ level: "silent" });
const store = (keys: Buffer[] = [key]) =>
  new GrantStore({ database, access: fixture.access(), seal: new TokenSeal(keys), log });
const soon = () => AbortSignal.timeout(5_000);
const refreshes = () => fixture.twitch.faults.requestCount("token");

/** Logs an account in; its tokens end in `expiresInMs`. */
async function grant(userId: string, scopes: readonly string[], expiresInMs: number, keys?: Buffer[]) {
  const issued = fixture.twitch.tokens.issueUser("our-client", userId, [...scopes]);
  const { accessToken, refreshToken } = issued;
  if (refreshToken === null) throw new Error("user tokens can be refreshed");
  await store(keys).put(of(userId), { accessToken, refreshToken, scopes, expiresInMs });
  return issued;
}

const FRESH = 3_600_000;
const OVER = 0;
const SUBSCRIPTIONS = ["channel:read:subscriptions"];
/** Makes the next attempt due, as the passing of time would. */
const letTimePass = () => database.query("update twitch_grants set refresh_due_at = clock_timestamp()");

describe("a token", () => {
  it("is given out while it is fresh, and asks Twitch nothing", async () => {
    const { accessToken } = await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    expect(await store().get(of(BROADCASTER), soon())).toMatchObject({ kind: "token", accessToken });
    expect(refreshes()).toBe(0);
  });

  it("was never granted where nobody logged in", async () => {
    expect(await store().get(of(BROADCASTER), soon())).toEqual({ kind: "never_granted" });
  });

  it("is refreshed once when many ask at the same time, from several processes", async () => {
    const old = await grant(BROADCASTER, SUBSCRIPTIONS, OVER);
    const answers = await Promise.all(Array.from({ length: 20 }, () => store().get(of(BROADCASTER), soon())));
    const [first] = answers;
    expect(first).toMatchObject({ kind: "token" });
    expect(first).not.toMatchObject({ accessToken: old.accessToken });
    for (const answer of answers) expect(answer).toMatchObject({ kind: "token" });
    expect(refreshes()).toBe(1);
    // The refresh token that came with it works too: the first one was good for one use.
    await database.query("update twitch_grants set expires_at = clock_timestamp()");
    expect(await store().get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
    expect(refreshes()).toBe(2);
  });

  it("is refreshed when Twitch refuses it", async () => {
    const old = await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    const token = await store().get(of(BROADCASTER), soon());
    if (token.kind !== "token") throw new Error("no token");
    await token.reject();
    const fresh = await store().get(of(BROADCASTER), soon());
    expect(fresh).toMatchObject({ kind: "token" });
    expect(fresh).not.toMatchObject({ accessToken: old.accessToken });
    // A late refusal of the old one spoils nothing.
    await token.reject();
    expect(await store().get(of(BROADCASTER), soon())).toMatchObject({ ...fresh, reject: expect.any(Function) });
  });
});

describe("a refresh that fails", () => {
  it.each([
    ["an error of the server", { kind: "status", status: 503 }],
    ["a rate limit", { kind: "status", status: 429 }],
    ["a broken connection", { kind: "reset" }],
    ["an unreadable answer", { kind: "status", status: 200, body: "{" }],
  ] as const)("by %s recovers by itself", async (_, fault) => {
    await grant(BROADCASTER, SUBSCRIPTIONS, OVER);
    fixture.twitch.faults.add("token", fault);
    const running = store();
    expect(await running.get(of(BROADCASTER), soon())).toEqual({ kind: "unavailable" });
    // Not asked again at once: whoever needs a token meanwhile is told so without a request.
    expect(await running.get(of(BROADCASTER), soon())).toEqual({ kind: "unavailable" });
    expect(refreshes()).toBe(1);
    expect(await running.missing(BROADCASTER)).not.toContain("broadcaster:channel:read:subscriptions");
    await letTimePass();
    expect(await running.get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
  });

  it("for good makes the grant a missing one, until somebody logs in again", async () => {
    const { refreshToken } = await grant(BROADCASTER, SUBSCRIPTIONS, OVER);
    fixture.twitch.tokens.refresh(refreshToken ?? "");
    const running = store();
    expect(await running.get(of(BROADCASTER), soon())).toEqual({ kind: "unavailable" });
    expect(await running.missing(BROADCASTER)).toContain("broadcaster:channel:read:subscriptions");
    await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    expect(await running.get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
    expect(await running.missing(BROADCASTER)).not.toContain("broadcaster:channel:read:subscriptions");
  });

  it("because its process died is taken up by another one", async () => {
    await grant(BROADCASTER, SUBSCRIPTIONS, OVER);
    await database.query("update twitch_grants set refresh_claimed_until = clock_timestamp() + interval '1 hour'");
    expect(await store().get(of(BROADCASTER), AbortSignal.timeout(1))).toEqual({ kind: "unavailable" });
    await database.query("update twitch_grants set refresh_claimed_until = clock_timestamp()");
    expect(await store().get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
  });
});

describe("what is stored", () => {
  it("says nothing without the key, and opens for its own account only", async () => {
    const { accessToken, refreshToken } = await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    const { rows } = await database.query("select * from twitch_grants");
    const bytes = rows[0].sealed_tokens.toString("latin1") + JSON.stringify(rows);
    expect(bytes).not.toContain(accessToken);
    expect(bytes).not.toContain(refreshToken);
    await database.query("update twitch_grants set twitch_user_id = $1", [BOT]);
    expect(await store().get(of(BOT), soon())).toEqual({ kind: "unavailable" });
    expect(await store().missing(BROADCASTER)).toContain("bot:user:write:chat");
  });

  it("notices every changed byte", () => {
    const seal = new TokenSeal([key]);
    const sealed = seal.seal("a", { accessToken: "access", refreshToken: "refresh" });
    expect(seal.open("a", sealed)).toEqual({ accessToken: "access", refreshToken: "refresh" });
    for (let index = 0; index < sealed.sealedTokens.length; index++) {
      const changed = Buffer.from(sealed.sealedTokens);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(seal.open("a", { ...sealed, sealedTokens: changed })).toBeNull();
    }
    expect(seal.open("a", { ...sealed, sealedTokens: Buffer.alloc(3) })).toBeNull();
  });

  it("opens with an old key, and is sealed with the new one from the next refresh on", async () => {
    const newer = randomBytes(32);
    await grant(BROADCASTER, SUBSCRIPTIONS, OVER, [key]);
    expect(await store([newer, key]).get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
    expect(await store([newer]).get(of(BROADCASTER), soon())).toMatchObject({ kind: "token" });
    expect(await store([key]).get(of(BROADCASTER), soon())).toEqual({ kind: "unavailable" });
  });
});

describe("the missing grants", () => {
  it("are all of them at first, and each one that an account left out", async () => {
    const all = neededGrants(fixture.settings, BROADCASTER);
    const names = all.flatMap(({ account, scopes }) => scopes.map((scope) => `${account}:${scope}`));
    expect(names).toHaveLength(5);
    expect(await store().missing(BROADCASTER)).toEqual(names);
    await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    await grant(BOT, all[1]?.scopes ?? [], FRESH);
    expect(await store().missing(BROADCASTER)).toEqual(["broadcaster:channel:bot"]);
  });

  it("are the broadcaster's alone where no other account speaks in chat", () => {
    const [only, ...others] = neededGrants({ botUserId: null }, BROADCASTER);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ account: "broadcaster", twitchUserId: BROADCASTER });
    expect(only?.scopes).toHaveLength(5);
  });
});

describe("the hourly look", () => {
  it("finds a grant that was taken back, and is taken by one process of all", async () => {
    const { accessToken, refreshToken } = await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    await store().validate(BROADCASTER);
    expect(fixture.twitch.faults.requestCount("validate")).toBe(0);
    fixture.twitch.tokens.refresh(refreshToken ?? "");
    fixture.twitch.tokens.revoke(accessToken);
    await Promise.all([store().validate(BROADCASTER, 0.001), store().validate(BROADCASTER, 3_600_000)]);
    expect(fixture.twitch.faults.requestCount("validate")).toBe(1);
    expect(await store().missing(BROADCASTER)).toContain("broadcaster:channel:read:subscriptions");
  });

  it("replaces a token that merely ended", async () => {
    const { accessToken } = await grant(BROADCASTER, SUBSCRIPTIONS, FRESH);
    // The grant itself stands: only this token is no more.
    fixture.twitch.faults.add("validate", { kind: "status", status: 401, body: { status: 401, message: "invalid" } });
    await store().validate(BROADCASTER, 0.001);
    const token = await store().get(of(BROADCASTER), soon());
    expect(token).toMatchObject({ kind: "token" });
    expect(token).not.toMatchObject({ accessToken });
    expect(await store().missing(BROADCASTER)).not.toContain("broadcaster:channel:read:subscriptions");
  });
});
