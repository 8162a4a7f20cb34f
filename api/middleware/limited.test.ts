import { randomUUID } from "node:crypto";
import { readApiConfig } from "@mgm/api/config";
import { type RunningApi, startApi } from "@mgm/api/server";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, eventually, randomName, startWorld, type World } from "../../temporal/test/world.ts";

let world: World;
/** Another process of the same deployment, behind one trusted proxy. */
let proxied: RunningApi;
beforeAll(async () => {
  world = await startWorld({ worker: false, settings: { LIMIT_DESKTOP: "600" } });
  proxied = await world.startApi({ TRUSTED_PROXY_HOPS: "1" });
});
afterAll(() => world.stop());

const STATE = "/api/roulette/state";
const CLAIM = "/api/payouts/claim";

interface Request {
  readonly method?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly forwardedFor?: string;
  readonly key?: string;
}

async function ask(port: number, path: string, request: Request = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: request.method ?? (request.body === undefined ? "GET" : "POST"),
    headers: {
      ...(request.token === undefined ? {} : { Authorization: `Bearer ${request.token}` }),
      ...(request.forwardedFor === undefined ? {} : { "X-Forwarded-For": request.forwardedFor }),
      ...(request.key === undefined ? {} : { "X-MGM-ApiKey": request.key }),
      ...(request.body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
}

/** Asks one after the other. */
async function repeat<Result>(times: number, request: (index: number) => Promise<Result>): Promise<Result[]> {
  const answers: Result[] = [];
  for (let index = 0; index < times; index++) answers.push(await request(index));
  return answers;
}

const aViewer = () => world.token({ role: "viewer", userId: `v-${randomUUID()}` });
const aClaim = () => ({ characterName: randomName(), enrollmentRequestId: randomUUID() });
const statusesOf = (answers: Pick<Answer, "status">[]) => answers.map(({ status }) => status);
const limitOf = ({ headers }: Pick<Answer, "headers">) => ({
  limit: headers.get("RateLimit-Limit"),
  remaining: headers.get("RateLimit-Remaining"),
});

describe("a viewer's writes", () => {
  it("pass five times, whatever their answers, and the sixth is refused", async () => {
    const token = await aViewer();
    const claim = aClaim();
    const answers = [
      await world.post(CLAIM, claim, token),
      await world.post(CLAIM, claim, token),
      await world.post(CLAIM, { ...aClaim(), characterName: "no name" }, token),
      await world.post(CLAIM, { nonsense: true }, token),
      await ask(portOf(world.apiUrl), CLAIM, { method: "POST", token }),
      await world.post(CLAIM, claim, token),
    ];
    expect(statusesOf(answers)).toEqual([201, 200, 400, 400, 415, 429]);
    expect(answers.map(({ headers }) => headers.get("RateLimit-Remaining"))).toEqual(["4", "3", "2", "1", "0", "0"]);
    expect(answers[5]?.body).toMatchObject({ code: "rate_limited", details: {} });
  });

  it("say how many are left, until when, and when to come back", async () => {
    const token = await aViewer();
    const first = await world.post(CLAIM, aClaim(), token);
    expect(limitOf(first)).toEqual({ limit: "5", remaining: "4" });
    expect(first.headers.get("RateLimit-Reset")).toBe("60");
    expect(first.headers.get("Retry-After")).toBeNull();
    await repeat(4, () => world.post(CLAIM, aClaim(), token));
    const refused = await world.post(CLAIM, aClaim(), token);
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get("Retry-After"));
    expect(retryAfter).toBeGreaterThan(30);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(refused.headers.get("RateLimit-Reset")).toBe(String(retryAfter));
  });

  it("pass exactly five times when forty arrive at two processes at once", async () => {
    const token = await aViewer();
    const ports = [portOf(world.apiUrl), proxied.port];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        ask(ports[index % 2] ?? 0, CLAIM, { token, body: { characterName: "", enrollmentRequestId: "x" } }),
      ),
    );
    expect(statusesOf(answers).sort()).toEqual([...Array(5).fill(400), ...Array(35).fill(429)]);
  });

  it("pass again when the oldest is a minute old", async () => {
    const userId = `v-${randomUUID()}`;
    const token = await world.token({ role: "viewer", userId });
    await repeat(5, () => world.post(CLAIM, {}, token));
    const { rowCount } = await world.database.query(
      "update counted_writes set passed_at[1] = passed_at[1] - interval '1 minute' where subject = $1",
      [`writes:${world.broadcasterId}:user:${userId}`],
    );
    expect(rowCount).toBe(1);
    expect(statusesOf(await repeat(2, () => world.post(CLAIM, {}, token)))).toEqual([400, 429]);
  });

  it("count by user id, else by opaque id, and before the missing identity is told", async () => {
    const token = await world.token({ role: "viewer", unlinked: randomUUID() });
    const answers = await repeat(6, () => world.post(CLAIM, aClaim(), token));
    expect(answers.map(({ body }) => body.code)).toEqual([...Array(5).fill("forbidden"), "rate_limited"]);
  });
});

describe("reads", () => {
  it("have a budget of their own", async () => {
    const token = await aViewer();
    await repeat(6, () => world.post(CLAIM, {}, token));
    const read = await world.get(STATE, token);
    expect(read.status).toBe(200);
    expect(limitOf(read)).toEqual({ limit: "60", remaining: "59" });
    const answers = await repeat(60, () => world.get("/api/payouts/my-last", token));
    expect(statusesOf(answers)).toEqual([...Array(59).fill(404), 429]);
    expect(answers[59]?.body.code).toBe("rate_limited");
    const other = await aViewer();
    expect((await world.post(CLAIM, {}, other)).headers.get("RateLimit-Remaining")).toBe("4");
  });

  it("count HEAD as GET", async () => {
    const token = await aViewer();
    const head = await ask(portOf(world.apiUrl), STATE, { method: "HEAD", token });
    expect(limitOf(head)).toEqual({ limit: "60", remaining: "59" });
  });

  it("converge over two processes", async () => {
    const config = readApiConfig({ ...world.environment, LIMIT_READS: "300" });
    const start = () => startApi(config, pino({ level: "silent" }), { exchangeLimitsEveryMs: 50 });
    const [one, other] = await Promise.all([start(), start()]);
    try {
      const token = await aViewer();
      await repeat(150, () => ask(one.port, STATE, { token }));
      let asked = 0;
      await eventually(async () => {
        asked++;
        const answer = await ask(other.port, STATE, { token });
        return Number(answer.headers.get("RateLimit-Remaining")) === 300 - 150 - asked;
      });
      const answers = await repeat(300 - 150 - asked + 1, () => ask(other.port, STATE, { token }));
      expect(answers.at(-2)?.status).toBe(200);
      expect(answers.at(-1)?.status).toBe(429);
      await eventually(async () => (await ask(one.port, STATE, { token })).status === 429);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });
});

describe("requests without a valid credential", () => {
  const bad = (forwardedFor: string, request: Request = {}) =>
    ask(proxied.port, CLAIM, { token: "not.a.token", body: {}, forwardedFor, ...request });

  it("count for the address, for tokens and desktop keys together", async () => {
    const address = "192.0.2.1";
    const answers = [
      ...(await repeat(3, () => bad(address))),
      ...(await repeat(2, () =>
        ask(proxied.port, "/api/desktop/heartbeat", { key: "wrong", body: {}, forwardedFor: address }),
      )),
      await bad(address),
    ];
    expect(answers.map(({ body }) => body.code)).toEqual([
      ...["unauthorized", "unauthorized", "unauthorized", "forbidden_apikey", "forbidden_apikey", "rate_limited"],
    ]);
    expect(limitOf(answers[0] as Answer)).toEqual({ limit: "5", remaining: "4" });
    expect((await bad("192.0.2.2")).status).toBe(401);
  });

  it("do not hinder who has one, at the same address", async () => {
    const address = "192.0.2.3";
    await repeat(6, () => bad(address));
    const token = await aViewer();
    expect((await ask(proxied.port, CLAIM, { token, body: {}, forwardedFor: address })).status).toBe(400);
  });

  it("draw on the address's reads when they read", async () => {
    const forwardedFor = "192.0.2.4";
    const answers = await repeat(61, () => ask(proxied.port, STATE, { forwardedFor }));
    expect(statusesOf(answers)).toEqual([...Array(60).fill(401), 429]);
    expect((await ask(proxied.port, "/api/version", { forwardedFor })).status).toBe(429);
    expect((await ask(proxied.port, "/api/version", { forwardedFor: "192.0.2.5" })).status).toBe(200);
  });

  it("cannot choose their address: only what the trusted proxy added counts", async () => {
    const answers = await repeat(6, (index) => bad(`198.51.100.${index}, 192.0.2.6`));
    expect(statusesOf(answers)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it("cannot choose their address at all without a trusted proxy", async () => {
    const answers = await repeat(6, (index) =>
      ask(portOf(world.apiUrl), CLAIM, { token: "not.a.token", body: {}, forwardedFor: `198.51.100.${index}` }),
    );
    expect(statusesOf(answers)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it("count an IPv6 network as one", async () => {
    const answers = await repeat(6, (index) => bad(`2001:db8:1:2::${index}`));
    expect(answers.at(-1)?.status).toBe(429);
    expect((await bad("2001:db8:1:3::1")).status).toBe(401);
  });
});

describe("moderation", () => {
  it("has sixty writes a minute, and a viewer on its routes draws on their own five", async () => {
    const pause = (token: string) => ask(proxied.port, "/api/broadcaster/spins", { method: "PUT", token, body: {} });
    for (const role of ["moderator", "broadcaster"] as const) {
      const user = role === "moderator" ? { role, userId: `m-${randomUUID()}` } : { role };
      const token = await world.token(user);
      const answers = await repeat(61, () => pause(token));
      expect(statusesOf(answers)).toEqual([...Array(60).fill(400), 429]);
    }
    const viewer = await aViewer();
    const answers = await repeat(6, () => pause(viewer));
    expect(answers.map(({ body }) => body.code)).toEqual([...Array(5).fill("forbidden"), "rate_limited"]);
    expect(limitOf(answers[0] as Answer)).toEqual({ limit: "5", remaining: "4" });
  });
});

describe("what is never limited", () => {
  it("lets a hundred EventSub messages through", async () => {
    await repeat(100, (index) => world.say({ id: `chatter-${index % 2}`, displayName: "Chatter" }, "hello"));
    const { status, headers } = await ask(portOf(world.apiUrl), "/api/twitch/eventsub", { body: {} });
    expect(status).toBe(401);
    expect(headers.get("RateLimit-Limit")).toBeNull();
  });

  it("lets health and readiness be asked at will", async () => {
    const answers = await repeat(70, () => ask(proxied.port, "/healthz", { forwardedFor: "192.0.2.9" }));
    expect(new Set(statusesOf(answers))).toEqual(new Set([200]));
    const ready = await ask(proxied.port, "/readyz", { forwardedFor: "192.0.2.9" });
    expect(ready.headers.get("RateLimit-Limit")).toBeNull();
  });

  it("answers an unknown route or method without counting", async () => {
    const token = await aViewer();
    expect((await world.get("/api/nothing", token)).headers.get("RateLimit-Limit")).toBeNull();
    const answer = await ask(portOf(world.apiUrl), CLAIM, { method: "GET", token });
    expect(answer.body.code).toBe("method_not_allowed");
    expect(answer.headers.get("RateLimit-Limit")).toBeNull();
  });
});

describe("a full channel's minute, all at once", () => {
  it("never meets 429: 40 polling panels and a desktop that asks everything every second", async () => {
    const heartbeat = { desktopVersion: "0.1.0", takeOver: null };
    const panel = async (): Promise<Answer[]> => {
      const token = await aViewer();
      return [
        ...(await repeat(12, () => world.get(STATE, token))),
        ...(await repeat(4, () => world.get("/api/pool/me", token))),
        ...(await repeat(4, () => world.get("/api/payouts/my-last", token))),
      ];
    };
    const desktop = () =>
      repeat(180, (index) => {
        if (index % 3 === 0) return world.desktop("POST", "/api/desktop/heartbeat", heartbeat);
        return world.desktop("GET", index % 3 === 1 ? "/api/roulette/candidate" : "/api/payouts/pending");
      });
    const answers = await Promise.all([...Array.from({ length: 40 }, panel), desktop()]);
    expect(new Set(statusesOf(answers.flat()))).toEqual(new Set([200, 204, 404]));
    expect(answers.flat()).toHaveLength(40 * 20 + 180);
  });

  it("limits all that one desktop key asks, together", async () => {
    const answer = await world.desktop("GET", "/api/roulette/candidate");
    expect(limitOf(answer).limit).toBe("600");
    const left = Number(answer.headers.get("RateLimit-Remaining"));
    const answers = await repeat(left + 1, (index) =>
      index % 2 === 0
        ? world.desktop("GET", "/api/payouts/pending", undefined, { id: randomUUID() })
        : world.desktop("PATCH", "/api/payouts/nothing/status", {}),
    );
    expect(new Set(statusesOf(answers.slice(0, -1)))).toEqual(new Set([200, 404]));
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: "rate_limited" } });
  });
});

describe("without PostgreSQL", () => {
  it("reads are limited as ever, and writes are told to come back", async () => {
    const api = await world.startApi({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" });
    const token = await aViewer();
    const write = await ask(api.port, CLAIM, { token, body: {} });
    expect(write).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    expect(write.headers.get("Retry-After")).not.toBeNull();
    const reads = await repeat(61, () => ask(api.port, "/api/version"));
    expect(statusesOf(reads)).toEqual([...Array(60).fill(200), 429]);
  });

  it("writes are told to come back while it takes nobody in, as when it is moved", async () => {
    const closed = `closed_${randomUUID().replaceAll("-", "")}`;
    await world.database.query(`create database ${closed} allow_connections false`);
    const url = Object.assign(new URL(world.databaseUrl), { pathname: `/${closed}` });
    const api = await world.startApi({ DATABASE_URL: url.href });
    const write = await ask(api.port, CLAIM, { token: await aViewer(), body: {} });
    expect(write).toMatchObject({ status: 503, body: { code: "temporarily_unavailable" } });
    await world.database.query(`drop database ${closed}`);
  });
});

function portOf(url: string): number {
  return Number(new URL(url).port);
}
