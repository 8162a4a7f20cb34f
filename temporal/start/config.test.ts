import { SettingsError } from "@mgm/activities/settings";
import { CONTRACT_TIMINGS } from "@mgm/domain/timings";
import { demoBot, demoBroadcaster } from "@mgm/simulator/twitch/viewers";
import { describe, expect, it } from "vitest";
import { desktopKeyOf, readStartPlan } from "./config.ts";
import { makeSecrets } from "./secrets.ts";

const story = { once: false, noStory: false, help: false };
const noStory = { ...story, noStory: true };
const once = { ...story, once: true };
const credentials = { TWITCH_CLIENT_ID: "id", TWITCH_CLIENT_SECRET: "secret", TWITCH_BROADCASTER_ID: "42" };

const secrets = makeSecrets();
const parts = {
  secrets,
  port: 1234,
  databaseUrl: "postgres://here/mgm",
  temporalAddress: "here:7233",
  twitch: { helixUrl: "http://here/helix", authUrl: "http://here/oauth2" },
};
const given = { ...parts, databaseUrl: null, temporalAddress: null, twitch: null };

function faultsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe("a start without any settings", () => {
  it("runs the engines and a simulated Twitch, and plays the demo at its own pace", () => {
    const plan = readStartPlan({}, story);
    expect(plan).toMatchObject({ runsPostgres: true, runsTemporal: true, simulatesTwitch: true, playsStory: true });
    const { api } = plan.complete(parts);
    expect(api.TWITCH_BROADCASTER_ID).toBe(demoBroadcaster.id);
    expect(api.TWITCH_BOT_USER_ID).toBe(demoBot.id);
    expect(api.TWITCH_HELIX_URL).toBe(parts.twitch.helixUrl);
    expect(api.TIMINGS.intervalMs).toBeLessThan(CONTRACT_TIMINGS.intervalMs);
    expect(api.TIMINGS.payoutTtlMs).toBe(CONTRACT_TIMINGS.payoutTtlMs);
    expect(desktopKeyOf(api)).toBe(secrets.desktopApiKey);
  });

  it("spins at the true pace with --no-story", () => {
    const { api } = readStartPlan({}, noStory).complete(parts);
    expect(api.TIMINGS).toEqual(CONTRACT_TIMINGS);
  });
});

describe("what somebody set", () => {
  it("is used as it is", () => {
    const timings = { ...CONTRACT_TIMINGS, intervalMs: 60_000 };
    const environment = {
      DATABASE_URL: "postgres://theirs/db",
      TEMPORAL_ADDRESS: "theirs:7233",
      TWITCH_HELIX_URL: "http://theirs/helix",
      TWITCH_BROADCASTER_ID: "42",
      DESKTOP_API_KEYS: "7:other,42:mine",
      TWITCH_EXTENSION_SECRETS: Buffer.from("theirs").toString("base64"),
      TWITCH_EVENTSUB_SECRET: "theirs",
      TIMINGS: JSON.stringify(timings),
    };
    const plan = readStartPlan(environment, story);
    expect(plan).toMatchObject({
      runsPostgres: false,
      runsTemporal: false,
      simulatesTwitch: false,
      playsStory: true,
      hasDemoTimings: false,
      madeUp: [],
    });
    const { api, environment: completed } = plan.complete(given);
    expect(completed).toMatchObject(environment);
    expect(api.TIMINGS).toEqual(timings);
    expect(desktopKeyOf(api)).toBe("mine");
  });

  it("about origins is kept beside the one of our own pages", () => {
    const pagesOrigin = "http://127.0.0.1:8081";
    const completed = (environment: Record<string, string>) =>
      readStartPlan(environment, noStory).complete({ ...parts, pagesOrigin }).api.ALLOWED_ORIGINS;
    expect(completed({})).toEqual([pagesOrigin]);
    expect(completed({ ALLOWED_ORIGINS: "https://theirs.test" })).toEqual(["https://theirs.test", pagesOrigin]);
  });

  it("may be an empty EventSub secret", () => {
    const plan = readStartPlan({ TWITCH_EVENTSUB_SECRET: "" }, noStory);
    expect(plan.complete(parts).api.TWITCH_EVENTSUB_SECRET).toBe("");
  });

  it("may be a real Twitch, which has no story", () => {
    const plan = readStartPlan(credentials, story);
    expect(plan).toMatchObject({ simulatesTwitch: false, playsStory: false, hasDemoTimings: false });
    const { api } = plan.complete({ ...parts, twitch: null });
    expect(api.TIMINGS).toEqual(CONTRACT_TIMINGS);
    expect(api.TWITCH_BOT_USER_ID).toBeUndefined();
  });
});

describe("what cannot be", () => {
  it.each([
    ["half of the credentials", { TWITCH_CLIENT_ID: "id" }, story],
    ["a real Twitch without a channel", { ...credentials, TWITCH_BROADCASTER_ID: "" }, story],
    ["--once with a real Twitch", credentials, once],
    ["the demo's pace in production", { ...credentials, NODE_ENV: "production", TIMINGS: '{"resultMs":1}' }, story],
    ["an extension secret in another alphabet", { TWITCH_EXTENSION_SECRETS: "a-b_" }, story],
  ])("is refused before anything starts: %s", (_, environment, flags) => {
    expect(faultsOf(() => readStartPlan(environment, flags))).toHaveLength(1);
  });

  it("is refused before anything starts: a simulated Twitch in production, on both of its addresses", () => {
    const faults = faultsOf(() => readStartPlan({ NODE_ENV: "production", ALLOW_CUSTOM_TIMINGS: "true" }, story));
    expect(faults).toHaveLength(2);
  });
});
