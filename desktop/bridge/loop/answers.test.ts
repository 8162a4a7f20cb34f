import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PayoutDetailsDto } from "@mgm/domain/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { accepting, type HttpDouble, startHttpDouble } from "../../test/http-double.ts";
import { ApiClient } from "../http/api-client.ts";
import { put, Store } from "../store/store.ts";
import { answerQuestion } from "./answers.ts";
import { settledElsewhere } from "./settled-elsewhere.ts";

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
  it("is no question any more, and its row is withdrawn; of each the API is asked once", async () => {
    const [sent, failed, active, unknown] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await store.commit([
      ...[sent, failed, active, unknown].map((id) => put("question", id, question)),
      put("sending", sent, { since: 0, helloAt: 0 }),
      put("injected", sent, { ...injected, kind: "gold" }),
    ]);
    const items = [
      { id: sent, characterName: "Ann", status: "Sent" },
      { id: failed, characterName: "Bob", status: "Failed" },
    ];
    server.answer = () => ({ status: 200, body: { items, before: null } });
    const looked = new Set<string>();
    const look = async () =>
      store.commit(await settledElsewhere({ store, api, looked }, [{ id: active } as PayoutDetailsDto]));
    await look();
    expect([...store.all("question").keys()].sort()).toEqual([failed, active, unknown].sort());
    expect(store.get("sending", sent)).toBeUndefined();
    expect(store.get("injected", sent)).toMatchObject({ isRecalled: true });
    expect(server.heard).toHaveLength(1);
    await look();
    expect(server.heard).toHaveLength(1);
  });

  it("stays a question while the API cannot be asked", async () => {
    await store.commit([put("question", randomUUID(), question)]);
    server.answer = () => null;
    expect(await settledElsewhere({ store, api, looked: new Set() }, [])).toEqual([]);
    expect(store.all("question").size).toBe(1);
  });
});
