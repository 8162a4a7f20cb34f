import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GiftRequestDetailsDto, PayoutDetailsDto } from "@mgm/domain/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accepting, type HttpDouble, startHttpDouble } from "../../test/http-double.ts";
import { ApiClient } from "../http/api-client.ts";
import { drop, put, Store } from "../store/store.ts";
import { answerQuestion } from "./answers.ts";
import { overFailures } from "./over-failures.ts";
import { type OpenMails, settledElsewhere } from "./settled-elsewhere.ts";

const NOW = 1_000;
let folder: string;
let store: Store;
let server: HttpDouble;
let api: ApiClient;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-answers-"));
  store = await Store.open(folder);
  server = await startHttpDouble();
  api = new ApiClient({ apiUrl: server.url, apiKey: "key", desktopId: randomUUID() });
});
afterEach(async () => {
  await server.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

const question = { reason: "sending_open", raisedAt: 0 } as const;
const injected = { kind: "gift", at: 0, isRecalled: false, process: null, isOnRecord: true } as const;
const facts = () => [...store.all("fact").values()].map(({ content }) => content);
const answer = (id: string, found: "sent" | "not_sent") => answerQuestion({ store, api, now: NOW }, id, found);

describe("the streamer's answer about a gift", () => {
  it("is told as what it is, and takes the row out of the addon's queue", async () => {
    const id = randomUUID();
    await store.commit([put("question", id, question), put("injected", id, injected)]);
    expect(await answer(id, "sent")).toEqual({ ok: true });
    expect(facts()).toEqual([{ kind: "gift_sent", giftRequestId: id }]);
    expect(store.get("injected", id)).toMatchObject({ kind: "gift", isRecalled: true });
    expect(server.heard).toEqual([]);
  });

  it("needs the API where this desktop has never heard of it", async () => {
    const id = randomUUID();
    await store.commit([put("question", id, question)]);
    server.answer = () => null;
    expect(await answer(id, "sent")).toEqual({ ok: false, code: "unknown_mail" });
    expect(store.get("question", id)).toEqual(question);
    server.answer = ({ path }) => ({ status: 200, body: path.endsWith("/pending") ? [] : { items: [], before: null } });
    expect(await answer(id, "sent")).toEqual({ ok: true });
    expect(facts()).toEqual([{ kind: "gift_sent", giftRequestId: id }]);
  });
});

describe("the streamer's answer about a payout of another desktop", () => {
  it("leaves the question while it cannot be unlocked", async () => {
    const id = randomUUID();
    await store.commit([
      put("question", id, { reason: "held_by_other_desktop", raisedAt: 0 }),
      put("payout", id, { characterName: "Norinn", at: 0 }),
    ]);
    server.answer = () => ({ status: 503, body: {} });
    expect(await answer(id, "not_sent")).toEqual({ ok: false, code: "not_unlocked" });
    expect(store.all("question").size).toBe(1);
    server.answer = accepting;
    expect(await answer(id, "not_sent")).toEqual({ ok: true });
    expect(store.all("question").size).toBe(0);
    expect(facts()).toEqual([]);
  });
});

describe("mail that was settled elsewhere", () => {
  const settle = async (looked: Map<string, number>, elapsedMs: number, open: Partial<OpenMails> = {}) =>
    store.commit(await settledElsewhere({ store, api, looked, elapsedMs }, { payouts: [], gifts: [], ...open }));

  it("is no question any more, and its row is withdrawn; of each the API is asked now and then", async () => {
    const [sent, told, failed, active, unknown] = ["s", "t", "f", "a", "u"].map(() => randomUUID()) as FiveIds;
    await store.commit([
      ...[sent, told, failed, active, unknown].map((id) => put("question", id, question)),
      put("sending", sent, { since: 0, helloAt: 0 }),
      put("injected", sent, { ...injected, kind: "gold" }),
    ]);
    const items = [
      { id: sent, characterName: "Ann", status: "Sent", mailConfirmedAt: null },
      // Its mail left after it had been cancelled.
      { id: told, characterName: "Joe", status: "Cancelled", mailConfirmedAt: "2026-04-04T12:00:00.000Z" },
      { id: failed, characterName: "Bob", status: "Failed", mailConfirmedAt: null },
    ];
    server.answer = ({ path }) =>
      path.startsWith("/api/payouts")
        ? { status: 200, body: { items, before: null } }
        : { status: 404, body: { code: "not_found", message: "", details: {} } };
    const looked = new Map<string, number>();
    const payouts = [{ id: active } as PayoutDetailsDto];
    await settle(looked, NOW, { payouts });
    expect([...store.all("question").keys()].sort()).toEqual([failed, active, unknown].sort());
    expect(store.get("sending", sent)).toBeUndefined();
    expect(store.get("injected", sent)).toMatchObject({ isRecalled: true });
    // The archive, and the one that is no payout.
    expect(server.heard).toHaveLength(2);
    await settle(looked, NOW + 299_999, { payouts });
    expect(server.heard).toHaveLength(2);
    items[2] = { ...items[2], mailConfirmedAt: "2026-04-04T12:05:00.000Z" } as (typeof items)[number];
    await settle(looked, NOW + 300_000, { payouts });
    expect(store.get("question", failed)).toBeUndefined();
  });

  it("is a gift that another desktop calls sent; not one that is still owed, or of which nobody says so", async () => {
    const [sent, owed, failed] = ["s", "o", "f"].map(() => randomUUID()) as FiveIds;
    await store.commit(
      [sent, owed, failed].flatMap((id) => [put("question", id, question), put("injected", id, injected)]),
    );
    server.answer = ({ path }) => {
      const deliveredAt = path.includes(sent) ? "2026-04-04T12:00:00.000Z" : null;
      return { status: 200, body: { id: path.split("/")[3], deliveredAt } };
    };
    const gifts = [{ id: owed } as GiftRequestDetailsDto];
    await settle(new Map(), NOW, { gifts: null });
    expect(server.heard).toEqual([]);
    await settle(new Map(), NOW, { gifts });
    expect([...store.all("question").keys()].sort()).toEqual([owed, failed].sort());
    expect(store.get("injected", sent)).toMatchObject({ kind: "gift", isRecalled: true });
    expect(server.heard.map(({ path, body }) => [path, body])).toEqual(
      [sent, failed].map((id) => [`/api/gift-requests/${id}/confirm`, { confirmed: true }]),
    );
  });

  it("stays a question while the API cannot be asked, and is asked about again at once", async () => {
    const [gold, gift] = ["a", "b"].map(() => randomUUID()) as FiveIds;
    await store.commit([
      put("question", gold, question),
      put("question", gift, question),
      put("injected", gift, injected),
    ]);
    server.answer = () => null;
    const looked = new Map<string, number>();
    await settle(looked, NOW);
    expect([store.all("question").size, looked.size]).toEqual([2, 0]);
  });
});

type FiveIds = [string, string, string, string, string];

describe("mail that did not leave", () => {
  it("is no news any more when its payout or gift has ended", async () => {
    await store.commit(["active", "open", "ended"].map((id) => put("failure", id, { at: NOW })));
    const payouts = [{ id: "active" } as PayoutDetailsDto];
    expect(overFailures(store, { payouts, gifts: null })).toEqual([]);
    expect(overFailures(store, { payouts, gifts: [{ id: "open" } as GiftRequestDetailsDto] })).toEqual([
      drop("failure", "ended"),
    ]);
  });
});
