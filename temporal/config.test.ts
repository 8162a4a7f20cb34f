import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SettingsError } from "@mgm/activities/settings";
import { readApiConfig } from "@mgm/api/config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUILT_BUNDLE, BUILT_TRACED_BUNDLE } from "./bundle.ts";
import { bundleOf, readWorkerConfig } from "./config.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mgm-config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const common = { DATABASE_URL: "postgres://user@127.0.0.1/db", TWITCH_BROADCASTER_ID: "b" };
const api = {
  ...common,
  TWITCH_EXTENSION_SECRETS: "c2l4dGVlbiBieXRlcyBvciBtb3JlIQ==",
  TWITCH_EVENTSUB_SECRET: "sixteen characters or more",
  DESKTOP_API_KEYS: "sixteen characters or more",
};

/** The names of the settings that were found at fault. */
function faultsOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error.faults.map((fault) => fault.split(":")[0] ?? "").sort();
    throw error;
  }
  return [];
}

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe("settings", () => {
  it("come from the environment, or each from a file", () => {
    const { DATABASE_URL, ...rest } = api;
    const config = readApiConfig({ ...rest, DATABASE_URL_FILE: file("url", `${DATABASE_URL}\n`), LIMIT_WRITES: "" });
    expect(config).toMatchObject({ DATABASE_URL, PORT: 8080, LIMIT_WRITES: 5, LIMIT_READS: 60, LIMIT_DESKTOP: 600 });
  });

  it("are all told at once when several are wrong, without their values", () => {
    const wrong = {
      ...api,
      PORT: "secret",
      TWITCH_EXTENSION_SECRETS: "not base64!",
      DATABASE_URL_FILE: "/nowhere",
      DATABASE_URL: "",
    };
    expect(faultsOf(() => readApiConfig(wrong))).toEqual([
      "DATABASE_URL",
      "DATABASE_URL_FILE",
      "PORT",
      "TWITCH_EXTENSION_SECRETS",
    ]);
    try {
      readApiConfig(wrong);
    } catch (error) {
      expect(String(error)).not.toContain("secret\n");
      expect(String(error)).not.toContain("not base64!");
    }
  });

  it("refuse a certificate without its key, and a key without its certificate, from both processes", () => {
    for (const [given, missing] of [
      ["TEMPORAL_TLS_CLIENT_CERT", "TEMPORAL_TLS_CLIENT_KEY"],
      ["TEMPORAL_TLS_CLIENT_KEY", "TEMPORAL_TLS_CLIENT_CERT"],
    ] as const) {
      expect(faultsOf(() => readApiConfig({ ...api, [given]: "pem" }))).toEqual([missing]);
      expect(faultsOf(() => readWorkerConfig({ ...common, [given]: "pem" }))).toEqual([missing]);
    }
  });

  it("take a file without content for no setting", () => {
    const settings = { ...api, TWITCH_CLIENT_SECRET_FILE: file("empty", "\n") };
    expect(readApiConfig(settings).TWITCH_CLIENT_SECRET).toBeUndefined();
  });

  it.each(["", ":", "b:", ":key", "good key,"])("refuse desktop keys of which one is empty: %j", (DESKTOP_API_KEYS) => {
    const faults = DESKTOP_API_KEYS === "good key," ? [] : ["DESKTOP_API_KEYS"];
    expect(faultsOf(() => readApiConfig({ ...api, DESKTOP_API_KEYS }))).toEqual(faults);
  });

  it.each(["not base64!", "c2hvcnQ=", `${Buffer.alloc(32).toString("base64")},c2hvcnQ=`])(
    "refuse a key for tokens that is not 32 bytes in base64: %s",
    (TOKEN_ENCRYPTION_KEY) => {
      expect(faultsOf(() => readApiConfig({ ...api, TOKEN_ENCRYPTION_KEY }))).toEqual(["TOKEN_ENCRYPTION_KEY"]);
    },
  );

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["an unknown key", '{"wheel":1}'],
    ["a wheel as long as the interval", '{"intervalMs":10000,"graceMs":1000,"slackMs":1000}'],
    ["a grace that reaches the next cycle's", '{"graceMs":295000}'],
  ])("refuse timings that are %s", (_, TIMINGS) => {
    expect(faultsOf(() => readApiConfig({ ...api, TIMINGS }))).toContain("TIMINGS");
  });
});

describe("production", () => {
  const production = { NODE_ENV: "production" };

  it("starts with strong secrets and the standard timings", () => {
    expect(readApiConfig({ ...api, ...production }).NODE_ENV).toBe("production");
  });

  it.each<[string, Record<string, string>]>([
    ["TWITCH_EVENTSUB_SECRET", { TWITCH_EVENTSUB_SECRET: "" }],
    ["TWITCH_EVENTSUB_SECRET", { TWITCH_EVENTSUB_SECRET: "short" }],
    ["DESKTOP_API_KEYS", { DESKTOP_API_KEYS: "good enough as a key,short" }],
    ["TWITCH_EXTENSION_SECRETS", { TWITCH_EXTENSION_SECRETS: "c2hvcnQ=" }],
    ["DEV_SKIP_SUBSCRIBER_CHECK", { DEV_SKIP_SUBSCRIBER_CHECK: "true" }],
    ["TIMINGS", { TIMINGS: '{"resultMs":1000}' }],
    ["TOKEN_ENCRYPTION_KEY", { TWITCH_CLIENT_ID: "id", TWITCH_CLIENT_SECRET: "secret" }],
    ["TWITCH_HELIX_URL", { TWITCH_HELIX_URL: "http://127.0.0.1:1/helix" }],
    ["TWITCH_AUTH_URL", { TWITCH_AUTH_URL: "http://127.0.0.1:1/oauth2" }],
  ])("refuses to start with a weak %s", (name, change) => {
    expect(faultsOf(() => readApiConfig({ ...api, ...change }))).toEqual([]);
    expect(faultsOf(() => readApiConfig({ ...api, ...production, ...change }))).toEqual([name]);
  });

  it("tells what is weak together with what has no form", () => {
    const wrong = { ...api, ...production, PORT: "many", DESKTOP_API_KEYS: "short", TIMINGS: '{"resultMs":1000}' };
    expect(faultsOf(() => readApiConfig(wrong))).toEqual(["DESKTOP_API_KEYS", "PORT", "TIMINGS"]);
  });

  it("takes other timings only when a setting made for that says so", () => {
    const changed = { ...api, ...production, TIMINGS: '{"resultMs":1000}', ALLOW_CUSTOM_TIMINGS: "true" };
    expect(readApiConfig(changed).TIMINGS.resultMs).toBe(1000);
  });

  it("works only with a workflow bundle that was built before", () => {
    expect(readWorkerConfig(common).WORKFLOW_BUNDLE).toBeUndefined();
    const missing = { ...common, ...production, WORKFLOW_BUNDLE: join(folder, "none.js") };
    expect(faultsOf(() => readWorkerConfig(missing))).toEqual(["WORKFLOW_BUNDLE"]);
    // Who has a collector works with the bundle that is traced, and needs it as much.
    const traced = { NODE_ENV: "production", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" };
    expect(bundleOf(traced)).toBe(BUILT_TRACED_BUNDLE);
    expect(bundleOf({ ...traced, OTEL_SDK_DISABLED: true })).toBe(BUILT_BUNDLE);
    expect(bundleOf({ ...traced, NODE_ENV: "development" })).toBeUndefined();
    const WORKFLOW_BUNDLE = file("built.js", "");
    expect(readWorkerConfig({ ...common, ...production, WORKFLOW_BUNDLE }).WORKFLOW_BUNDLE).toBe(WORKFLOW_BUNDLE);
  });
});
