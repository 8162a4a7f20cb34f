import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../test/fake-clock.ts";
import { accepting, type HttpDouble, startHttpDouble } from "../../test/http-double.ts";
import { until } from "../../test/until.ts";
import { ApiClient } from "../http/api-client.ts";
import { ONLY, put, Store } from "../store/store.ts";
import { backOffMs } from "./back-off.ts";
import { Delivery, type DeliveryAlert } from "./delivery.ts";
import type { FactContent } from "./fact.ts";

let folder: string;
let store: Store;
let server: HttpDouble;
let clock: FakeClock;
let alerts: DeliveryAlert[];
let delivery: Delivery;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-delivery-"));
  store = await Store.open(folder);
  server = await startHttpDouble();
  clock = new FakeClock();
  alerts = [];
  stopping = new AbortController();
  const api = new ApiClient({ apiUrl: server.url, apiKey: "key", desktopId: randomUUID(), signal: stopping.signal });
  delivery = new Delivery({ store, api, clock, alert: (alert) => alerts.push(alert), random: () => 1 });
  running = delivery.run(stopping.signal);
});
afterEach(async () => {
  stopping.abort();
  await running;
  await server.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

let facts = 0;
async function add(...contents: FactContent[]): Promise<void> {
  const changes = contents.map((content) => {
    facts += 1;
    return put("fact", String(facts), { number: facts, content, addedAt: clock.now() });
  });
  await store.commit([...changes, put("counter", ONLY, { command: 0, fact: facts })]);
  delivery.wake();
}

async function payout(): Promise<string> {
  const id = randomUUID();
  await store.commit([put("payout", id, { characterName: "Norinn", at: clock.now() })]);
  return id;
}

const accepted = (payoutId: string): FactContent => ({ kind: "accepted", payoutId });
const sent = (payoutId: string): FactContent => ({ kind: "mail_sent", payoutId, byHand: false });
const isEmpty = () => store.all("fact").size === 0;
const refusals = () => [...store.all("refusal").values()].map(({ code }) => code);

describe("facts", () => {
  it("of one payout are told in order, and leave the store", async () => {
    const id = await payout();
    await add(accepted(id), sent(id));
    await until(isEmpty);
    expect(server.heard.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["POST", `/api/payouts/${id}/confirm-acceptance`, { characterName: "Norinn" }],
      ["POST", `/api/payouts/${id}/confirm-mail-sent`, { byHand: false }],
    ]);
    expect([...store.all("told").keys()]).toEqual([`payout:${id}:accepted`, `payout:${id}:mail_sent`]);
    expect(alerts).toEqual([]);
  });

  it("that are held hold up those behind them, and nobody else's", async () => {
    const [slow, quick] = [await payout(), await payout()];
    server.answer = (heard) => (heard.path.includes(slow) ? { status: 503, body: {} } : accepting(heard));
    await add(accepted(slow), sent(slow), accepted(quick), sent(quick));
    await until(() => store.all("fact").size === 2);
    expect(server.heard.filter(({ path }) => path.includes(slow))).toHaveLength(1);
    server.answer = accepting;
    await until(async () => {
      await clock.advance(1_000);
      return isEmpty();
    });
    const paths = server.heard.map(({ path }) => path).filter((path) => path.includes(slow));
    expect(paths.map((path) => path.split("/").at(-1))).toEqual([
      "confirm-acceptance",
      "confirm-acceptance",
      "confirm-mail-sent",
    ]);
    expect(alerts.map(({ code }) => code)).toEqual(["delivery_held", "delivery_resumed"]);
  });

  it.each([
    ["a proxy's 404", { status: 404, body: "<html>404 Not Found</html>" }, "not_our_answer"],
    ["a proxy's 200", { status: 200, body: "<html>Welcome to our hotel</html>" }, "not_our_answer"],
    ["somebody else's JSON", { status: 409, body: { code: "conflict" } }, "not_our_answer"],
    ["an answer about something else", { status: 200, body: { id: randomUUID() } }, "not_our_answer"],
    ["a redirect", { status: 302, body: {}, headers: { Location: "/login" } }, "not_our_answer"],
    ["a wrong key", { status: 403, body: { code: "forbidden_apikey" } }, "forbidden_apikey"],
    ["401", { status: 401, body: { code: "unauthorized" } }, "unauthorized"],
    ["too many requests", { status: 429, body: { code: "rate_limited" } }, "rate_limited"],
    ["a cut connection", null, "network"],
  ])("are kept when the answer is %s", async (_, answer, reason) => {
    const id = await payout();
    server.answer = () => answer;
    await add(sent(id));
    await until(() => alerts.length > 0);
    expect(alerts).toEqual([{ code: "delivery_held", reason }]);
    expect(store.all("fact").size).toBe(1);
    server.answer = accepting;
    await until(async () => {
      await clock.advance(1_000);
      return isEmpty();
    });
  });

  it("wait as long as the API says", async () => {
    const id = await payout();
    server.answer = () => ({
      status: 503,
      body: { code: "temporarily_unavailable" },
      headers: { "Retry-After": "30" },
    });
    await add(sent(id));
    await until(() => alerts.length > 0);
    await clock.advance(29_999);
    expect(server.heard).toHaveLength(1);
    server.answer = accepting;
    await clock.advance(1);
    await until(isEmpty);
  });

  it.each([
    [400, "character_name_mismatch"],
    [404, "not_found"],
    [409, "terminal_status_change_not_allowed"],
  ])("that are refused with %i %s are listed, and sent again by hand", async (status, code) => {
    const id = await payout();
    server.answer = (heard) => (heard.path.endsWith("acceptance") ? { status, body: { code } } : accepting(heard));
    await add(accepted(id), sent(id));
    await until(isEmpty);
    expect(refusals()).toEqual([code]);
    expect(alerts).toMatchObject([{ code: "fact_refused", refusal: code }]);
    server.answer = accepting;
    const [number = ""] = store.all("refusal").keys();
    expect(await delivery.sendAgain(Number(number))).toBe(true);
    await until(() => isEmpty() && store.get("told", `payout:${id}:accepted`) !== undefined);
    expect(refusals()).toEqual([]);
    expect(await delivery.sendAgain(Number(number))).toBe(false);
  });
});

describe("a /who report", () => {
  const report = (spinCycleId: string): FactContent => ({
    kind: "who",
    report: { spinCycleId, characterName: "Norinn", online: true, capturedAt: "2026-04-04T12:00:00.000Z" },
  });

  it("ends when its cycle has been decided without it", async () => {
    const spinCycleId = randomUUID();
    await store.commit([put("cycle", spinCycleId, { verifyUntil: clock.now() + 10_000 })]);
    server.answer = () => null;
    await add(report(spinCycleId));
    await until(async () => {
      await clock.advance(1_000);
      return isEmpty();
    });
    expect(refusals()).toEqual(["too_late"]);
    const asked = server.heard.length;
    await clock.advance(120_000);
    expect(server.heard).toHaveLength(asked);
  });
});

describe("an acceptance whose payout this desktop has not seen", () => {
  it("is told with the name that the API has, from its active payouts or its archive", async () => {
    const [active, ended, unknown] = [randomUUID(), randomUUID(), randomUUID()];
    server.answer = (heard) => {
      if (heard.path === "/api/payouts/pending") return { status: 200, body: [{ id: active, characterName: "Ann" }] };
      if (heard.path === "/api/payouts?limit=200") return { status: 200, body: { items: [], before: "next" } };
      if (heard.path === "/api/payouts?limit=200&before=next") {
        return { status: 200, body: { items: [{ id: ended, characterName: "Bob" }], before: null } };
      }
      return accepting(heard);
    };
    await add(accepted(active), accepted(ended), accepted(unknown));
    await until(isEmpty);
    const told = server.heard.filter(({ path }) => path.endsWith("acceptance"));
    expect(new Map(told.map(({ path, body }) => [path.split("/")[3], body]))).toEqual(
      new Map([
        [active, { characterName: "Ann" }],
        [ended, { characterName: "Bob" }],
      ]),
    );
    expect(refusals()).toEqual(["not_found"]);
  });
});

describe("the back-off", () => {
  it("doubles up to a minute, within half and all of it", () => {
    expect([1, 2, 3, 7, 100].map((failures) => backOffMs(failures, () => 1))).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
    expect(backOffMs(1, () => 0)).toBe(500);
  });
});
