import { claimAttempt } from "@mgm/activities/db/eventsub/claim-attempt";
import { concludeAttempt } from "@mgm/activities/db/eventsub/conclude-attempt";
import { recordRevocation } from "@mgm/activities/db/eventsub/record-revocation";
import {
  checkChatSubscription,
  ensureChatSubscription,
  secretFingerprint,
} from "@mgm/activities/twitch/eventsub-subscriptions";
import { twitchFromSettings } from "@mgm/activities/twitch/from-settings";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../temporal/test/world.ts";
import { readApiConfig } from "./config.ts";
import { backOffMs, type EventSubKeeper, eventSubKeeper, type KeeperPace } from "./eventsub-keeper.ts";

/* Keepers at a quick pace; the API of the world is simulated and only answers Twitch's challenges. */

const PACE: KeeperPace = { firstMs: 20, longestMs: 2_000, recheckMs: 60_000, lookEveryMs: 50, attemptMs: 600_000 };

let world: World;
let keepers: EventSubKeeper[] = [];
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.stop());
afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.stop()));
  keepers = [];
  world.twitch.faults.clear();
  await world.twitch.subscriptions.settled();
  for (const { id } of subscriptions()) world.twitch.subscriptions.delete(id);
  await world.database.query("truncate eventsub_status");
});

/** When attempts began and ended, over several keepers. */
class Attempts {
  readonly began: number[] = [];
  underWay = 0;
  mostUnderWay = 0;

  async watch<Result>(attempt: () => Promise<Result>): Promise<Result> {
    this.began.push(Date.now());
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      return await attempt();
    } finally {
      this.underWay -= 1;
    }
  }
}

function keep(attempts = new Attempts(), callbackUrl = webhook()): EventSubKeeper {
  const config = readApiConfig(world.environment);
  const twitch = twitchFromSettings(config);
  const secret = config.TWITCH_EVENTSUB_SECRET;
  const { broadcasterId } = world;
  const keeper = eventSubKeeper({
    database: world.database,
    log: pino({ level: "silent" }),
    broadcasterId,
    secretFingerprint: secretFingerprint(secret, broadcasterId),
    ensure: (knownId, deadline) =>
      attempts.watch(() => ensureChatSubscription(twitch, { broadcasterId, callbackUrl, secret, knownId, deadline })),
    check: (id, deadline) => checkChatSubscription(twitch, { broadcasterId, id, deadline }),
    pace: PACE,
  });
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

const webhook = () => `${world.apiUrl}/api/twitch/eventsub`;
const subscriptions = () => world.twitch.subscriptions.list();
const row = async () => (await world.database.query("select * from eventsub_status")).rows[0];
const becomes = (status: string) =>
  eventually(async () => {
    const now = await row();
    return now?.status === status && now;
  });
const PLAN = { attempts: 0, nextInMs: 60_000, secretFingerprint: null };
const claimant = (token: string) => ({ broadcasterId: world.broadcasterId, token, claimMs: 30_000 });
const other = () => claimant("22222222-2222-4222-8222-222222222222");

describe("back-off", () => {
  it("doubles with each attempt up to a limit, and no two processes keep step", () => {
    const pace = { firstMs: 1_000, longestMs: 300_000 };
    for (let attempts = 1; attempts <= 2_000; attempts++) {
      const full = Math.min(300_000, 1_000 * 2 ** attempts);
      const waits = Array.from({ length: 5 }, () => backOffMs(attempts, pace));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(full);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });

  it("grows while Twitch refuses, and ends with the subscription", async () => {
    world.twitch.faults.add("eventsub", { kind: "status", status: 403 }, 5);
    const attempts = new Attempts();
    keep(attempts);
    await becomes("revoked");
    await becomes("enabled");
    expect(attempts.began.length).toBeGreaterThanOrEqual(6);
    const waits = attempts.began.slice(1, 6).map((at, i) => at - (attempts.began[i] as number));
    // The clock and the timers count whole milliseconds, each in its own way.
    for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(PACE.firstMs * 2 ** i - 2);
    expect(await row()).toMatchObject({ attempts: 0, reason: null });
  });

  it("grows while Twitch gets no answer from us, and a new verification is soon known", async () => {
    const attempts = new Attempts();
    const keeper = keep(attempts, "http://127.0.0.1:9/none");
    expect(await becomes("failed")).toMatchObject({ reason: "webhook_callback_verification_failed" });
    await eventually(async () => attempts.began.length >= 4);
    const waits = attempts.began.slice(1, 4).map((at, i) => at - (attempts.began[i] as number));
    for (const [i, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(PACE.firstMs * 2 ** i - 2);
    await keeper.stop();

    await world.database.query("update eventsub_status set attempts = 1000");
    keep(attempts);
    await becomes("enabled");
  });

  it("goes on after Twitch's own failures", async () => {
    // One attempt: the client repeats each request three times by itself.
    world.twitch.faults.add("eventsub", { kind: "status", status: 500 }, 4);
    keep();
    expect(await becomes("failed")).toMatchObject({ reason: "http_500", attempts: 1 });
    await becomes("enabled");
  });

  it("goes on after failures of the database", async () => {
    await world.database.query("alter table eventsub_status rename to away");
    const keeper = keep();
    await expect(keeper.status(world.broadcasterId)).rejects.toThrow();
    await world.database.query("alter table away rename to eventsub_status");
    await becomes("enabled");
  });
});

describe("several keepers", () => {
  it("make one attempt at a time", async () => {
    world.twitch.faults.add("eventsub", { kind: "slow", delayMs: 100 }, 4);
    const attempts = new Attempts();
    for (let i = 0; i < 4; i++) keep(attempts);
    await becomes("enabled");
    await eventually(async () => attempts.began.length >= 4);
    expect(attempts.mostUnderWay).toBe(1);
    expect(subscriptions()).toHaveLength(1);
  });

  it("take over from one that died in the middle", async () => {
    expect(await claimAttempt(world.database, other(), true)).toMatchObject({ isClaimed: true });
    const ours = claimant("11111111-1111-4111-8111-111111111111");
    expect(await claimAttempt(world.database, ours, true)).toMatchObject({ isClaimed: false, isHeld: true });
    keep();
    await world.database.query("update eventsub_status set claimed_at = claimed_at - interval '1 hour'");
    await becomes("enabled");
  });

  it("see what another one planned", async () => {
    const attempts = new Attempts();
    keep(attempts);
    const { subscription_id: subscriptionId } = await becomes("enabled");
    world.twitch.subscriptions.delete(subscriptionId);
    const { broadcasterId } = world;
    await recordRevocation(world.database, { broadcasterId, subscriptionId, reason: "chat_user_banned" });
    await becomes("enabled");
    expect(subscriptions().map(({ id }) => id)).not.toContain(subscriptionId);
  });
});

describe("what is known of the subscription", () => {
  it("stays when Twitch says nothing, for a while", async () => {
    const keeper = keep();
    await becomes("enabled");
    const before = await keeper.status(world.broadcasterId);
    world.twitch.faults.add("eventsub", { kind: "status", status: 400 }, 500);
    keeper.ensureNow();
    await eventually(async () => (await row()).reason === "http_400");
    expect(await keeper.status(world.broadcasterId)).toEqual(before);
    await world.database.query("update eventsub_status set confirmed_at = confirmed_at - interval '16 minutes'");
    keeper.ensureNow();
    await becomes("failed");
    expect((await keeper.status(world.broadcasterId)).since).toBeGreaterThan(before.since);
  });

  it("is not overwritten by an attempt that began before a revocation", async () => {
    const outcome = { status: "enabled", id: "s1" } as const;
    await claimAttempt(world.database, other(), true);
    expect(await concludeAttempt(world.database, other(), outcome, PLAN)).toBe(true);
    await claimAttempt(world.database, other(), true);
    const { broadcasterId } = world;
    await recordRevocation(world.database, { broadcasterId, subscriptionId: "s1", reason: "user_removed" });
    expect(await concludeAttempt(world.database, other(), outcome, PLAN)).toBe(false);
    expect(await row()).toMatchObject({ status: "revoked", reason: "user_removed", claim_token: null });
    expect(await claimAttempt(world.database, other(), false)).toMatchObject({ isClaimed: true });
  });

  it("is made anew where nobody knows with which secret it was made, and then kept", async () => {
    const keeper = keep();
    const { subscription_id: first } = await becomes("enabled");
    // As builds left it that did not write it down.
    await world.database.query("update eventsub_status set secret_fingerprint = null");
    keeper.ensureNow();
    const { subscription_id: second } = await eventually(async () => {
      const now = await row();
      return now.subscription_id !== first && now.status === "enabled" && now;
    });
    const attempts = new Attempts();
    keep(attempts);
    await eventually(async () => attempts.began.length === 1 && attempts.underWay === 0);
    expect(subscriptions().map(({ id }) => id)).toEqual([second]);
  });

  it("names no secret", async () => {
    keep();
    const written = await becomes("enabled");
    expect(written.secret_fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(written)).not.toContain(world.environment.TWITCH_EVENTSUB_SECRET);
  });

  it("is not touched by a stop in the middle of an attempt, which ends it", async () => {
    world.twitch.faults.add("eventsub", { kind: "hang" });
    const requests = world.twitch.faults.requestCount("eventsub");
    const attempts = new Attempts();
    const keeper = keep(attempts);
    await eventually(async () => world.twitch.faults.requestCount("eventsub") > requests);
    await keeper.stop();
    expect(attempts.underWay).toBe(0);
    expect(await row()).toMatchObject({ status: "pending", attempts: 0, claim_token: null });
  });
});
