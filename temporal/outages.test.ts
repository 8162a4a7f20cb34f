import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@mgm/activities/db/migrate";
import { badges, crowdMember } from "@mgm/simulator/twitch/viewers";
import { SEARCH_ATTRIBUTES } from "@mgm/workflows/search-attributes";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePorts } from "./engines/free-port.ts";
import { type Postgres, startPostgres } from "./engines/postgres.ts";
import { findTemporal } from "./engines/temporal-binary.ts";
import { startTemporal, type TemporalServer } from "./engines/temporal-server.ts";
import { expectTaken, giftsOf } from "./test/gifts.ts";
import { startProcess } from "./test/process.ts";
import { type Answer, eventually, report, startWorld, type World } from "./test/world.ts";

/* Engines of this file's own, which it takes away in the middle of the story. */

/** Within this a caller is told that something is away. */
const TOLD_WITHIN_MS = 3_000;
/** How much later than that an answer may come that waits for an announcement, on a machine that is busy. */
const ANNOUNCED_WITHIN_MS = 1_500;
const silent = (): void => undefined;

let folder: string;
let postgres: Postgres;
let temporal: TemporalServer;
let world: World;
let variant = 1;

const launchPostgres = (port = 0): Promise<Postgres> =>
  startPostgres({ dataDir: join(folder, "postgres"), port, password: "only-for-tests", durable: true, log: silent });

async function launchTemporal(port = 0): Promise<TemporalServer> {
  return await startTemporal({
    binary: await findTemporal({ env: process.env, onProgress: silent }),
    port,
    uiPort: null,
    dbFile: join(folder, "temporal.db"),
    searchAttributes: SEARCH_ATTRIBUTES,
    namespace: "default",
    log: silent,
  });
}

const temporalPort = (): number => Number(temporal.address.split(":")[1]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-outage-"));
  [postgres, temporal] = await Promise.all([launchPostgres(), launchTemporal()]);
  const databaseUrl = postgres.url("postgres");
  await migrate(databaseUrl);
  world = await startWorld({ engines: { databaseUrl, temporalAddress: temporal.address } });
});
afterAll(async () => {
  await world.stop();
  await Promise.all([postgres.stop(), temporal.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** A request that must be answered in time. */
async function inTime<Given>(ask: () => Promise<Given>): Promise<Given> {
  const askedAt = performance.now();
  const answer = await ask();
  expect(performance.now() - askedAt).toBeLessThan(TOLD_WITHIN_MS);
  return answer;
}

/** A request that must be told in time that something is away. */
async function expectUnavailable(ask: () => Promise<Answer>): Promise<void> {
  const answer = await inTime(ask);
  expect(answer).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
}

const untilTaken = (ask: () => Promise<Answer>): Promise<Answer> =>
  eventually(async () => {
    const answer = await ask();
    return answer.status === 200 && answer;
  });

const ready = (): Promise<Answer> => world.get("/readyz");
const verify = (spinCycleId: string, name: string): Promise<Answer> =>
  world.desktop("POST", "/api/roulette/verify-candidate", report(spinCycleId, name, true));

async function drawn(name: string): Promise<string> {
  await world.say({ id: `user-${name}`, displayName: name }, `!twgold ${name}`);
  return (await world.spin(variant++)).spinCycleId;
}

describe("while Temporal is gone", () => {
  it("viewers enrol, desktops are told to try again, and everything resumes by itself", async () => {
    const spinCycleId = await drawn("Anna");
    await untilTaken(() => verify(spinCycleId, "Anna"));
    const [{ id }] = (await world.desktop("GET", "/api/payouts/pending")).body;
    const second = await drawn("Berta");
    const port = temporalPort();
    await temporal.stop();

    await world.say({ id: "user-Clara", displayName: "Clara" }, "!twgold Clara");
    expect((await world.state()).poolParticipantCount).toBe(3);
    await expectUnavailable(() => world.desktop("PATCH", `/api/payouts/${id}/status`, { status: "InProgress" }));
    await expectUnavailable(() => verify(second, "Berta"));
    await expectUnavailable(() => world.desktop("POST", `/api/payouts/${id}/confirm-mail-sent`));
    expect(await ready()).toMatchObject({
      status: 200,
      body: { status: "degraded", postgres: "ok", temporal: "down" },
    });

    temporal = await launchTemporal(port);
    const sent = await untilTaken(() => world.desktop("POST", `/api/payouts/${id}/confirm-mail-sent`));
    expect(sent.body.status).toBe("Sent");
    expect((await untilTaken(() => verify(second, "Berta"))).body.outcome).toBe("won");
    await eventually(async () => (await ready()).body.status === "ok");
    await world.database.query("delete from pool_entries");
  });

  it("viewers ask for gifts, which the reconcile job has served in their order, though who took them is gone", async () => {
    const gifts = giftsOf(world);
    // It would begin them by itself if it lived.
    const api = await world.startApi();
    const url = `http://127.0.0.1:${api.port}`;
    const chatter = { id: "user-Gisa", login: "gisa", displayName: "Gisa" };
    const line = { chatter, text: "!twgift Gisa", badges: [badges.subscriber(3)] };
    const token = await world.token({ role: "viewer", userId: "user-Hilda" });
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ streamerId: world.broadcasterId, characterName: "Hilda" });
    const port = temporalPort();
    await temporal.stop();

    const said = await inTime(() => world.twitch.events(`${url}/api/twitch/eventsub`).say(line));
    expect(said.status).toBe(200);
    const posted = await inTime(() => fetch(`${url}/api/gift-requests`, { method: "POST", headers, body }));
    expect(posted.status).toBe(201);
    const waiting = await inTime(() => gifts.list());
    const stands = waiting.map(({ characterName, state }) => `${characterName} ${state}`);
    expect(stands).toEqual(["Gisa Pending", "Hilda Pending"]);
    await api.stop();

    temporal = await launchTemporal(port);
    await eventually(() => world.client.workflow.count().catch(() => null));
    expect(await world.reconcile()).toMatchObject({ giftsStarted: 2 });
    for (const { id } of waiting) {
      await gifts.until(id, "SelectingItem");
      await expectTaken(() => gifts.fail(id, "no_items_available"));
    }
    const promoted = (await gifts.events()).filter(({ event }) => event === "promoted");
    expect(promoted.map(({ id }) => id)).toEqual(waiting.map(({ id }) => id));
  });

  it("a kill in the middle of an update loses nothing and does nothing twice", async () => {
    const spinCycleId = await drawn("Diana");
    const { body } = await untilTaken(() => verify(spinCycleId, "Diana"));
    const messages = world.twitch.chat.size;
    const port = temporalPort();
    const first = world.desktop("POST", `/api/payouts/${body.payoutId}/confirm-mail-sent`);
    process.kill(temporal.pid, "SIGKILL");
    await temporal.ended;
    await first;
    temporal = await launchTemporal(port);
    const sent = await untilTaken(() => world.desktop("POST", `/api/payouts/${body.payoutId}/confirm-mail-sent`));
    expect(sent.body.status).toBe("Sent");
    await eventually(async () => world.twitch.chat.size > messages);
    const { rows } = await world.database.query(
      "select status from payout_events where payout_id = $1 and event = 'status' order by event_number",
      [body.payoutId],
    );
    expect(rows.map(({ status }) => status)).toEqual(["InProgress", "Sent"]);
    expect(world.twitch.chat.size).toBe(messages + 1);
  });
});

describe("while PostgreSQL is gone", () => {
  it("everybody is told so in time, and everything resumes by itself", async () => {
    const spinCycleId = await drawn("Elena");
    const message = world.chat.chatMessage({
      chatter: { id: "user-Fanny", login: "fanny", displayName: "Fanny" },
      text: "!twgold Fanny",
      badges: [{ set_id: "subscriber", id: "0", info: "1" }],
    });
    const token = await world.token({ role: "viewer", userId: "somebody" });
    const { port } = postgres;
    await postgres.stop();

    await expectUnavailable(() => world.get("/api/roulette/state", token));
    await expectUnavailable(() => world.get("/api/pool/me", token));
    await expectUnavailable(() => verify(spinCycleId, "Elena"));
    await expectUnavailable(() => world.desktop("POST", "/api/desktop/heartbeat", { desktopVersion: "1" }));
    expect((await world.chat.send(message)).status).toBe(503);
    await expectUnavailable(async () => {
      const answer = await ready();
      expect(answer.body).toMatchObject({ status: "unavailable", postgres: "down", temporal: "ok" });
      return { ...answer, body: { code: "temporarily_unavailable" } };
    });
    expect((await world.get("/healthz")).status).toBe(200);

    postgres = await launchPostgres(port);
    expect((await untilTaken(() => verify(spinCycleId, "Elena"))).body.outcome).toBe("won");
    expect((await world.chat.send(message, { retry: 1 })).status).toBe(200);
    expect((await world.state()).poolParticipantCount).toBe(2);
    expect((await ready()).status).toBe(200);
  });

  it("a process that is in the middle of its transactions lives on when the server is killed", async () => {
    await world.database.query("delete from pool_entries");
    const [apiPort = 0] = await freePorts(1);
    const api = startProcess("api/main.ts", { ...world.environment, PORT: String(apiPort) });
    const isUp = () =>
      fetch(`http://127.0.0.1:${apiPort}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(isUp);
    const sender = world.twitch.events(`http://127.0.0.1:${apiPort}/api/twitch/eventsub`);
    // Transactions that wait for this lock are certainly under way when the server dies.
    const locker = new pg.Client({ connectionString: postgres.url("postgres") });
    locker.on("error", silent);
    await locker.connect();
    await locker.query("begin; lock table pool_entries in exclusive mode");
    const asked = [1, 2, 3].map((number) =>
      sender.say({ chatter: crowdMember(number), text: `!twgold ${crowdMember(number).character}` }),
    );
    await eventually(async () => {
      const { rows } = await world.database.query("select count(*)::int as waiting from pg_locks where not granted");
      // The third waits for one of the others: those who come while two are being committed go together.
      return rows[0].waiting >= 2;
    });
    const { port } = postgres;
    process.kill(postgres.pid, "SIGKILL");
    await postgres.ended;
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([503, 503, 503]);
    postgres = await launchPostgres(port);
    const answers = await eventually(async () => {
      const again = await Promise.all(
        [1, 2, 3].map((number) =>
          sender.say({ chatter: crowdMember(number), text: `!twgold ${crowdMember(number).character}` }),
        ),
      );
      return again.every(({ status }) => status === 200) && again;
    });
    expect(answers).toHaveLength(3);
    expect(api.child.exitCode).toBeNull();
    await api.kill();
    await eventually(async () => (await world.state()).poolParticipantCount === 3);
  });

  it("a payout that is on its way waits for it", async () => {
    await world.database.query("delete from pool_entries");
    const spinCycleId = await drawn("Gerda");
    const { body } = await untilTaken(() => verify(spinCycleId, "Gerda"));
    const { port } = postgres;
    const handle = world.client.workflow.getHandle(`payout-${body.payoutId}`);
    await postgres.stop();
    await handle.signal("changeStatusSignal", { status: "InProgress", cause: "desktop" });
    postgres = await launchPostgres(port);
    const row = await eventually(async () => {
      const { rows } = await world.database.query("select status from payouts where payout_id = $1", [body.payoutId]);
      return rows[0].status !== "Pending" && rows[0];
    });
    expect(row.status).toBe("InProgress");
  });
});

describe("an API process that is killed", () => {
  it("leaves the rest to another one", async () => {
    await world.database.query("delete from pool_entries");
    const spinCycleId = await drawn("Hanna");
    const [port = 0] = await freePorts(1);
    const api = startProcess("api/main.ts", { ...world.environment, PORT: String(port) });
    const url = `http://127.0.0.1:${port}`;
    await eventually(() =>
      fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      ),
    );
    const headers = { "X-MGM-ApiKey": world.environment.DESKTOP_API_KEYS ?? "", "Content-Type": "application/json" };
    const body = JSON.stringify(report(spinCycleId, "Hanna", true));
    const asked = fetch(`${url}/api/roulette/verify-candidate`, { method: "POST", headers, body }).catch(() => null);
    await eventually(async () => {
      const { rows } = await world.database.query("select reported_at from spin_cycles where spin_cycle_id = $1", [
        spinCycleId,
      ]);
      return rows[0].reported_at;
    });
    await api.kill();
    await asked;
    expect((await untilTaken(() => verify(spinCycleId, "Hanna"))).body.outcome).toBe("won");
    expect((await world.database.query("select from payouts where spin_cycle_id = $1", [spinCycleId])).rowCount).toBe(
      1,
    );
  });
});

describe("under load", () => {
  /** Mixed requests of many callers against a process of its own, until told to end; what each was answered. */
  function load(url: string, token: string, payoutId: string) {
    const answers: { readonly status: number; readonly tookMs: number }[] = [];
    const key = world.environment.DESKTOP_API_KEYS ?? "";
    const desktop = { "X-MGM-ApiKey": key, "Content-Type": "application/json" };
    const viewer = { Authorization: `Bearer ${token}` };
    let isLocked = false;
    const toggled = (): string => {
      isLocked = !isLocked;
      return JSON.stringify({ status: isLocked ? "InProgress" : "Pending" });
    };
    const requests: readonly (() => Promise<Response>)[] = [
      () => fetch(`${url}/api/roulette/state`, { headers: viewer }),
      () => fetch(`${url}/api/pool/me`, { headers: viewer }),
      () => fetch(`${url}/api/payouts/pending`, { headers: desktop }),
      () => fetch(`${url}/api/payouts/${payoutId}/status`, { method: "PATCH", headers: desktop, body: toggled() }),
      () => fetch(`${url}/api/desktop/heartbeat`, { method: "POST", headers: desktop, body: '{"desktopVersion":"1"}' }),
      () => fetch(`${url}/readyz`),
    ];
    let isOver = false;
    const caller = async (first: number): Promise<void> => {
      for (let turn = first; !isOver; turn++) {
        const askedAt = performance.now();
        const response = await requests[turn % requests.length]?.();
        await response?.arrayBuffer();
        answers.push({ status: response?.status ?? 0, tookMs: performance.now() - askedAt });
      }
    };
    const callers = Array.from({ length: 8 }, (_, index) => caller(index));
    return {
      answers,
      seen: (status: number) => answers.filter((answer) => answer.status === status).length,
      async end() {
        isOver = true;
        await Promise.all(callers);
      },
    };
  }

  it.each(["PostgreSQL", "Temporal"] as const)(
    "a killed %s brings nothing but 503 in time, and all is well again by itself",
    async (engine) => {
      await world.database.query("delete from pool_entries");
      const name = engine === "Temporal" ? "Irina" : "Jolana";
      const spinCycleId = await drawn(name);
      const { payoutId } = (await untilTaken(() => verify(spinCycleId, name))).body;
      const [port = 0] = await freePorts(1);
      const limits = { LIMIT_READS: "1000000", LIMIT_DESKTOP: "1000000" };
      const api = startProcess("api/main.ts", { ...world.environment, ...limits, PORT: String(port) });
      const url = `http://127.0.0.1:${port}`;
      const isReady = () =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await eventually(isReady);
      const running = load(url, await world.token({ role: "viewer", userId: "somebody" }), payoutId);
      await eventually(async () => running.seen(200) > 100);

      if (engine === "PostgreSQL") {
        const { port: postgresPort } = postgres;
        process.kill(postgres.pid, "SIGKILL");
        await postgres.ended;
        await eventually(async () => running.seen(503) > 100);
        postgres = await launchPostgres(postgresPort);
      } else {
        const temporalPortNumber = temporalPort();
        process.kill(temporal.pid, "SIGKILL");
        await temporal.ended;
        await eventually(async () => running.seen(503) > 10);
        temporal = await launchTemporal(temporalPortNumber);
      }
      const before = running.seen(200);
      await eventually(async () => running.seen(200) > before + 100);
      await eventually(isReady);
      const last = running.answers.length;
      await eventually(async () => running.answers.length > last + 100);
      await running.end();

      const others = running.answers.filter(({ status }) => status !== 200 && status !== 503);
      expect(others).toEqual([]);
      expect(running.seen(503)).toBeGreaterThan(0);
      expect(running.answers.slice(-50).every(({ status }) => status === 200)).toBe(true);
      expect(Math.max(...running.answers.map(({ tookMs }) => tookMs))).toBeLessThan(
        TOLD_WITHIN_MS + ANNOUNCED_WITHIN_MS,
      );
      // An unhandled rejection would have ended it.
      expect(api.child.exitCode).toBeNull();
      await api.kill("SIGTERM");
      expect(await api.ended).toBe(0);
    },
  );
});
