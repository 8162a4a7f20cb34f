import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readEventSubStanding } from "@mgm/activities/db/eventsub/standing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../temporal/test/world.ts";
import type { RunningApi } from "./server.ts";

/* Whole API processes; the address that Twitch calls is that of the first. */

let world: World;
let port: string;
let publicUrl: string;
let running: RunningApi[];
beforeAll(async () => {
  world = await startWorld({ worker: false });
});
afterAll(() => world.stop());
beforeEach(async () => {
  port = await freePort();
  publicUrl = `http://127.0.0.1:${port}`;
  running = [];
});
afterEach(async () => {
  world.twitch.faults.clear();
  await Promise.all(running.map((api) => api.stop()));
  await world.twitch.subscriptions.settled();
  for (const { id } of subscriptions()) world.twitch.subscriptions.delete(id);
  await world.database.query("truncate eventsub_status");
});

/** Known before anybody listens, because the settings must name it. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `${free}`;
}

async function start(settings: Record<string, string> = {}): Promise<RunningApi> {
  const api = await world.startApi({ PORT: port, PUBLIC_URL: publicUrl, ...settings });
  running.push(api);
  return api;
}

const subscriptions = () => world.twitch.subscriptions.list();
const standing = () => readEventSubStanding(world.database, world.broadcasterId);
const enabled = () =>
  eventually(async () => {
    const now = await standing();
    return now?.status === "enabled" && now;
  });
const eventSubOf = async (api: RunningApi): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${api.port}/readyz`);
  return ((await response.json()) as { eventSub: string }).eventSub;
};
const onlyId = (): string => {
  expect(subscriptions()).toHaveLength(1);
  return subscriptions()[0]?.id as string;
};

describe("an API that starts", () => {
  it.each([
    ["without an application, where Twitch is simulated", {}],
    ["with an application's credentials", { TWITCH_CLIENT_ID: "ours", TWITCH_CLIENT_SECRET: "our secret" }],
  ])("has Twitch post the channel's chat to it, %s", async (_, settings) => {
    const api = await start({ PUBLIC_URL: `${publicUrl}/`, ...settings });
    await enabled();
    expect(subscriptions()).toMatchObject([
      {
        type: "channel.chat.message",
        status: "enabled",
        condition: { broadcaster_user_id: world.broadcasterId, user_id: "bot" },
        transport: { callback: `${publicUrl}/api/twitch/eventsub` },
      },
    ]);
    expect(await eventSubOf(api)).toBe("ok");
  });

  it("shares the subscription with another that starts at the same time", async () => {
    const both = await Promise.all([start(), start({ PORT: "0" })]);
    await enabled();
    onlyId();
    expect(await Promise.all(both.map(eventSubOf))).toEqual(["ok", "ok"]);
  });

  it("goes on with the subscription that it left behind", async () => {
    const first = await start();
    const before = await enabled();
    const id = onlyId();
    await first.stop();
    expect(onlyId()).toBe(id);

    const requests = world.twitch.faults.requestCount("eventsub");
    await start();
    await eventually(async () => world.twitch.faults.requestCount("eventsub") > requests);
    expect(await enabled()).toEqual(before);
    expect(onlyId()).toBe(id);
  });

  it("has another subscription made when its secret has changed: Twitch would go on signing with the old one", async () => {
    const first = await start();
    await enabled();
    const id = onlyId();
    await first.stop();
    await start({ TWITCH_EVENTSUB_SECRET: "quite another secret" });
    await eventually(async () => subscriptions().some((one) => one.id !== id && one.status === "enabled"));
    onlyId();
    await enabled();
  });

  it("is ready while its subscription is young, and not when Twitch waits in vain", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(Number(port), "127.0.0.1", resolve));
    try {
      const api = await start({ PORT: "0" });
      await eventually(async () => (await standing())?.status === "pending" && subscriptions().length > 0);
      expect(await eventSubOf(api)).toBe("ok");
      await world.database.query("update eventsub_status set since = since - interval '61 seconds'");
      expect(await eventSubOf(api)).toBe("down");
    } finally {
      silent.close();
      silent.closeAllConnections();
    }
  });

  it("is not ready while nobody answers at its address, and is when somebody does", async () => {
    const early = await start({ PORT: "0" });
    await eventually(async () => (await eventSubOf(early)) === "down");
    expect(await standing()).toMatchObject({ status: "failed" });
    await start();
    await enabled();
    expect(await eventSubOf(early)).toBe("ok");
  });
});

describe("a revocation", () => {
  it("shows in every process until there is a new subscription", async () => {
    const both = await Promise.all([start(), start({ PORT: "0" })]);
    await enabled();
    const id = onlyId();
    // The list and the removal succeed, to create is refused; from then on there is nothing to remove.
    const { faults, subscriptions: store } = world.twitch;
    faults.add("eventsub", { kind: "slow", delayMs: 0 });
    for (let attempt = 0; attempt < 50; attempt++) {
      faults.add("eventsub", { kind: "slow", delayMs: 0 });
      faults.add("eventsub", { kind: "status", status: 403 });
    }
    expect(await store.revoke(id, "chat_user_banned")).toMatchObject({ status: 200, body: "" });
    expect(await Promise.all(both.map(eventSubOf))).toEqual(["down", "down"]);
    const { since } = (await standing()) ?? {};
    await eventually(async () => faults.pending("eventsub") < 97);
    expect(await standing()).toEqual({ status: "revoked", since });

    faults.clear();
    await enabled();
    expect(onlyId()).not.toBe(id);
    expect(await Promise.all(both.map(eventSubOf))).toEqual(["ok", "ok"]);
  });

  it("of another subscription changes nothing", async () => {
    await start();
    const before = await enabled();
    const events = world.twitch.events(`${publicUrl}/api/twitch/eventsub`);
    const { status } = await events.send(events.revocation("authorization_revoked"));
    expect(status).toBe(200);
    expect(await standing()).toEqual(before);
  });

  it("is taken in without PostgreSQL, which is what readiness then tells", async () => {
    const api = await start({ DATABASE_URL: "postgres://nobody@127.0.0.1:9/none" });
    const events = world.twitch.events(`${publicUrl}/api/twitch/eventsub`);
    const { status } = await events.send(events.revocation("authorization_revoked"));
    expect(status).toBe(200);
    expect(await eventSubOf(api)).toBe("down");
  });

  it("with a wrong signature is none", async () => {
    await start();
    const before = await enabled();
    const events = world.twitch.events(`${publicUrl}/api/twitch/eventsub`);
    const ours = { ...events.revocation(), body: { subscription: subscriptions()[0] } };
    expect((await events.send(ours, { badSignature: true })).status).toBe(401);
    expect(await standing()).toEqual(before);
  });
});

describe("nothing is subscribed to", () => {
  it.each([
    ["simulated", "without an address of ours", { PUBLIC_URL: "" }],
    ["simulated", "without an application, where Twitch is the real one", { TWITCH_HELIX_URL: "" }],
    ["simulated", "without a secret", { TWITCH_EVENTSUB_SECRET: "" }],
    [
      "unconfigured",
      "with an application, without an address",
      { PUBLIC_URL: "", TWITCH_CLIENT_ID: "ours", TWITCH_CLIENT_SECRET: "our secret" },
    ],
    ["unconfigured", "with an application, without its secret", { TWITCH_CLIENT_ID: "ours" }],
  ])("and readiness says %s %s", async (word, _, settings) => {
    const api = await start(settings);
    expect(await eventSubOf(api)).toBe(word);
    await api.stop();
    expect(subscriptions()).toEqual([]);
    expect(await standing()).toBeNull();
  });
});
