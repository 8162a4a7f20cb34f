import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "./test/world.ts";

/* The command as people run it, against a simulated Twitch on whose page nobody has to type the code. */

const LOADER = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const MAIN = fileURLToPath(new URL("twitch-login-main.ts", import.meta.url));
const CLIENT = {
  TWITCH_CLIENT_ID: "our-client",
  TWITCH_CLIENT_SECRET: randomBytes(16).toString("hex"),
  TOKEN_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
};

let world: World;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-login-"));
  world = await startWorld({ worker: false, settings: { ...CLIENT, DEV_SKIP_SUBSCRIBER_CHECK: "false" } });
  world.twitch.devices.intervalSeconds = 0.05;
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a login in which these accounts agree, one after the other. */
async function login(users: readonly string[], account: readonly string[] = [], settings = {}) {
  const child = spawn(process.execPath, ["--import", LOADER, MAIN, ...account], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...world.environment, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let told = "";
  const agreeing = [...users];
  const listen = (chunk: Buffer): void => {
    told += chunk.toString("utf8");
    const codes = [...told.matchAll(/the code is (\S+)\. /g)].map(([, code]) => code ?? "");
    while (codes.length > users.length - agreeing.length) {
      const user = agreeing.shift();
      if (user === undefined) break;
      world.twitch.devices.approve(codes[users.length - agreeing.length - 1] ?? "", user);
    }
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  const [status] = await once(child, "close");
  return { status, told };
}

const missing = async (): Promise<string[]> => (await world.get("/readyz")).body.missingGrants;

async function claim(userId: string, characterName: string) {
  const token = await world.token({ role: "viewer", userId });
  return await world.post("/api/payouts/claim", { characterName, enrollmentRequestId: userId }, token);
}

describe("npm run twitch-login", () => {
  it("is refused without an application, a key or a known account", async () => {
    expect(await login([], [], { TWITCH_CLIENT_ID: "", TOKEN_ENCRYPTION_KEY: "" })).toMatchObject({ status: 1 });
    expect(await login([], ["moderator"])).toMatchObject({ status: 1 });
    expect(world.twitch.faults.requestCount("device")).toBe(0);
  });

  it("turns away an account that is not the asked one", async () => {
    expect(await login(["stranger"], ["broadcaster"])).toMatchObject({ status: 1 });
    expect(await missing()).toHaveLength(5);
    expect(await claim("77", "Norinn")).toMatchObject({ status: 403, body: { code: "not_subscriber" } });
  });

  it("gets what is needed of both accounts, and the running API finds it by itself", async () => {
    const { status, told } = await login([world.broadcasterId, "bot"]);
    expect(status).toBe(0);
    expect(told).not.toMatch(/\b(user|refresh)-/);
    expect(await missing()).toEqual([]);
    world.twitch.people.subscribe("77");
    expect(await claim("77", "Norinn")).toMatchObject({ status: 201 });
    expect(await claim("78", "Garona")).toMatchObject({ status: 403, body: { code: "not_subscriber" } });
  });

  it("is not undone by a Twitch that fails: viewers are told to come again", async () => {
    world.twitch.faults.add("subscriptions", { kind: "status", status: 500 });
    expect(await claim("79", "Medivh")).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    world.twitch.people.subscribe("79");
    expect(await claim("79", "Medivh")).toMatchObject({ status: 201 });
  });
});
