import type { PublicStateMessage, RouletteStateDto } from "@mgm/domain/wire";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually, startWorld, type World } from "../temporal/test/world.ts";
import type { RunningApi } from "./server.ts";
import { StatePublisher } from "./state-publisher.ts";

/* The world's first API process publishes from the beginning; others of the same deployment stand by. */

const SECOND_SECRET = Buffer.from("a secret that Twitch does not know yet").toString("base64");

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.twitch.faults.clear());

const messages = () =>
  world.twitch.pubSub.all().map((one) => ({ ...one, ...(JSON.parse(one.message) as PublicStateMessage) }));
const newest = () => messages().at(-1);
const enrol = (name: string) => world.say({ id: `user-${name}`, displayName: name }, `!twgold ${name}`);
const published = (count: number) => eventually(async () => newest()?.state.poolParticipantCount === count && newest());

async function pause(paused: boolean): Promise<void> {
  const token = await world.token({ role: "broadcaster" });
  await fetch(`${world.apiUrl}/api/broadcaster/spins`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ paused }),
  });
}

describe("the public state", () => {
  it("reaches the extension's pages whenever it changes, as GET state without the time", async () => {
    await enrol("Anna");
    const message = await published(1);
    const { serverNow: _, ...state } = await world.state();
    expect(message).toMatchObject({ v: 1, broadcasterId: world.broadcasterId, targets: ["broadcast"] });
    expect(message?.state).toEqual(state);
    await pause(true);
    await eventually(async () => newest()?.state.paused);
    await pause(false);
    await eventually(async () => newest()?.state.paused === false);
  });

  it("is sent at most once a second however often it changes, with the last word last", async () => {
    const before = messages().length;
    for (let count = 2; count <= 40; count++)
      await enrol(`Q${String.fromCharCode(96 + (count % 26), 97 + (count % 25))}qq`);
    const { poolParticipantCount } = await world.state();
    await published(poolParticipantCount);
    const sent = messages().slice(before);
    expect(sent.length).toBeLessThan(20);
    const all = messages();
    for (const [index, message] of all.entries()) {
      const earlier = all[index - 1];
      if (earlier === undefined) continue;
      expect(message.sentAt.getTime() - earlier.sentAt.getTime()).toBeGreaterThanOrEqual(1_000);
      expect(message.stateVersion).toBeGreaterThan(earlier.stateVersion);
      expect(Buffer.byteLength(message.message)).toBeLessThanOrEqual(5 * 1024);
    }
  });

  it("is sent again under another version when sending failed", async () => {
    const version = newest()?.stateVersion ?? 0;
    const requests = world.twitch.faults.requestCount("pubsub");
    world.twitch.faults.add("pubsub", { kind: "status", status: 500 });
    world.twitch.faults.add("pubsub", { kind: "reset" });
    await enrol("Clara");
    const { poolParticipantCount } = await world.state();
    const message = await published(poolParticipantCount);
    expect(message?.stateVersion).toBeGreaterThan(version + 2);
    expect(world.twitch.faults.requestCount("pubsub")).toBe(requests + 3);
  });
});

describe("of several processes", () => {
  it("one publishes; when it goes another takes over, and versions go on growing", async () => {
    const requests = () => world.twitch.faults.requestCount("pubsub");
    const others: RunningApi[] = [await world.startApi(), await world.startApi()];
    const before = requests();
    await enrol("Diana");
    await published((await world.state()).poolParticipantCount);
    expect(requests()).toBe(before + 1);
    const version = newest()?.stateVersion ?? 0;
    await world.stopFirstApi();
    await world.database.query("delete from pool_entries");
    const message = await published(0);
    expect(message?.stateVersion).toBe(version + 1);
    await Promise.all(others.map((one) => one.stop()));
  });

  it("one that was killed is replaced when its lease is over", async () => {
    await world.database.query(
      "update publications set publisher_token = gen_random_uuid(), publisher_until = clock_timestamp() + interval '1 second'",
    );
    await world.database.query(
      "insert into channels (broadcaster_id, paused) values ($1, true) on conflict (broadcaster_id) do update set paused = true",
      [world.broadcasterId],
    );
    const next = await world.startApi();
    await eventually(async () => newest()?.state.paused);
    await next.stop();
  });
});

describe("the extension's secret", () => {
  it("may be a new one that Twitch does not take yet: the next one signs", async () => {
    const secrets = `${SECOND_SECRET},${world.environment.TWITCH_EXTENSION_SECRETS}`;
    const api = await world.startApi({ TWITCH_EXTENSION_SECRETS: secrets });
    await world.database.query("update channels set paused = false");
    await eventually(async () => newest()?.state.paused === false);
    await api.stop();
  });
});

describe("a connection to the database that breaks", () => {
  it("only delays the next message", async () => {
    const api = await world.startApi();
    await world.database.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await world.database.query("update channels set paused = true");
    await eventually(async () => newest()?.state.paused);
    await api.stop();
  });
});

describe("a state that is too large", () => {
  it("is not sent", async () => {
    const state = await fetchedState();
    let sent = 0;
    const publisher = new StatePublisher({
      database: world.database,
      log: pino({ level: "silent" }),
      broadcasterId: "another-channel",
      readState: async () => ({ ...state, acceptPhrase: "x".repeat(6_000) }),
      publish: async () => {
        sent += 1;
        return { kind: "sent" };
      },
    });
    publisher.start();
    await eventually(async () => {
      const { rows } = await world.database.query(
        "select 1 from publications where broadcaster_id = 'another-channel'",
      );
      return rows.length > 0;
    });
    await publisher.stop();
    expect(sent).toBe(0);
  });
});

async function fetchedState() {
  const api = await world.startApi();
  const token = await world.token({ role: "viewer", userId: "looker" });
  const response = await fetch(`http://127.0.0.1:${api.port}/api/roulette/state`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  await api.stop();
  return (await response.json()) as RouletteStateDto;
}
