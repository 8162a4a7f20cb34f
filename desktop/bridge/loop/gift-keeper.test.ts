import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock, settle } from "../../test/fake-clock.ts";
import { type HttpDouble, startHttpDouble } from "../../test/http-double.ts";
import { until } from "../../test/until.ts";
import type { BridgeAlert } from "../bridge-options.ts";
import { CommandQueue } from "../commands/command-queue.ts";
import { ApiClient } from "../http/api-client.ts";
import type { Injected } from "../mail/injected.ts";
import { put, Store } from "../store/store.ts";
import { type GiftDraw, wantDraw } from "./gift-draw.ts";
import { GiftKeeper } from "./gift-keeper.ts";
import { nameOf } from "./mail-knowledge.ts";
import { Session } from "./session.ts";

/* What is typed for the gift requests that the API shows, and what is in the store by then. */

const CLOTH = { bag: 0, slot: 3, itemId: 33_470, count: 17 };
const LOTUS = { bag: 4, slot: 1, itemId: 36_908, count: 3 };
const GAME = { processId: 7, startedAt: 1 };

let folder: string;
let store: Store;
let clock: FakeClock;
let server: HttpDouble;
let session: Session;
let queue: CommandQueue;
let keeper: GiftKeeper;
let alerts: BridgeAlert[];
/** Lines that reached the game, and what was in the store at that moment. */
let typed: { readonly line: string; readonly draw: GiftDraw | undefined; readonly injected: Injected | undefined }[];
/** Whether keys reach it. */
let isBanned: boolean;
let id: string;
const stopping = { controller: new AbortController(), done: Promise.resolve() };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-gift-keeper-"));
  store = await Store.open(folder);
  clock = new FakeClock();
  server = await startHttpDouble();
  session = new Session();
  session.game = GAME;
  [typed, alerts, isBanned, id] = [[], [], false, randomUUID()];
  queue = new CommandQueue({
    store,
    clock,
    desk: { stillForMs: async () => 60_000 },
    strategies: [{ name: "post_message", type }],
    ban: () => (isBanned ? "no_world" : null),
    alert: () => undefined,
  });
  const api = new ApiClient({ apiUrl: server.url, apiKey: "key", desktopId: "us" });
  const alert = (one: BridgeAlert) => alerts.push(one);
  keeper = new GiftKeeper({ store, api, queue, session, clock, desktopId: "us", alert });
  stopping.controller = new AbortController();
  stopping.done = queue.run(stopping.controller.signal);
});
afterEach(async () => {
  stopping.controller.abort();
  await stopping.done;
  await server.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

/** An addon that acknowledges everything. */
async function type(line: string) {
  typed.push({ line, draw: store.get("gift", id), injected: store.get("injected", id) });
  queue.acknowledge(Number(/(\d+)\)$/.exec(line)?.[1]));
  return { ok: true } as const;
}

const gift = (changed: Partial<GiftRequestDetailsDto> = {}) =>
  ({
    id,
    characterName: "Норинн",
    state: "SelectingItem",
    selectedItem: null,
    selectedBy: null,
    deliveredAt: null,
    ...changed,
  }) as GiftRequestDetailsDto;
const item = { name: "Cloth", id: 33_470, count: 17, link: "", texture: "", bagId: 0, slotId: 3 };
const asked = { state: "WaitingConfirmation", selectedItem: item, selectedBy: "us" } as const;
const agreed = { ...asked, state: "Completed" } as const;
/** The API shows these; everything that follows from it is typed. */
async function look(
  gifts: readonly GiftRequestDetailsDto[],
  how: { isActive?: boolean; isWithdrawing?: boolean } = {},
) {
  await keeper.look(gifts, { isActive: true, isWithdrawing: false, ...how });
  await until(() => isBanned || queue.waiting.length === 0);
  await settle();
}
const names = () => typed.map(({ line }) => /\w+(?=\()/.exec(line)?.[0]);
const lastLine = () => (typed.at(-1)?.line ?? "").replace(/,\d+\)$/, ")");

describe("the bags", () => {
  it("are listed once a round, drawn from, and the draw is in the store before the stack is named", async () => {
    await look([gift()]);
    await look([gift()]);
    expect([names(), lastLine()]).toEqual([["MGM_RequestGiftItems"], `/run MGM_RequestGiftItems("${id}")`]);
    expect(store.get("gift", id)).toEqual(wantDraw("Норинн", clock.now()));
    await store.commit([put("gift", id, { ...wantDraw("Норинн", 1), stacks: [LOTUS] })]);
    await look([gift()]);
    expect(lastLine()).toBe(`/run MGM_DescribeGiftItem("${id}",4,1,36908,3)`);
    expect(typed.at(-1)?.draw).toMatchObject({ drawnIndex: 0, drawnAt: clock.now() });
    await look([gift()]);
    expect(typed).toHaveLength(2);
    await store.commit([put("gift", id, { ...wantDraw("Норинн", 1), round: 2 })]);
    await look([gift()]);
    await store.commit([put("gift", id, { ...wantDraw("Норинн", 1), round: 2, stacks: [LOTUS], drawnIndex: 0 })]);
    await look([gift()]);
    const numbers = typed.map(({ line }) => /(\d+)\)$/.exec(line)?.[1]);
    // Under the first round's number the addon would list nothing.
    expect(names().slice(2)).toEqual(["MGM_RequestGiftItems", "MGM_DescribeGiftItem"]);
    expect(new Set(numbers).size).toBe(4);
  });

  it("lie there with a stack that is promised: it is not drawn for the next one, whenever it was listed", async () => {
    await store.commit([put("gift", id, { ...wantDraw("Норинн", 1), stacks: [CLOTH, LOTUS] })]);
    const promised = gift({ ...agreed, id: randomUUID(), selectedBy: "them" });
    await look([gift(), promised]);
    expect(lastLine()).toBe(`/run MGM_DescribeGiftItem("${id}",4,1,36908,3)`);
    expect(typed.at(-1)?.draw).toMatchObject({ stacks: [LOTUS], drawnIndex: 0 });
  });

  it("with nothing in them fail the request, as long as it is open, and the streamer is told once", async () => {
    await store.commit([put("gift", id, { ...wantDraw("Норинн", 1), stacks: [] })]);
    await look([gift()]);
    await look([gift()]);
    const failing = { state: "Failed", reason: "no_items_available" };
    expect(server.heard.map(({ path, body }) => [path, body])).toEqual([
      [`/api/gift-requests/${id}`, failing],
      [`/api/gift-requests/${id}`, failing],
    ]);
    expect(alerts).toEqual([{ code: "no_items_available", id, characterName: "Норинн" }]);
    expect(typed).toEqual([]);
  });
});

describe("the question", () => {
  it("names the viewer and the selected stack, once a hello", async () => {
    await look([gift(asked)]);
    await look([gift(asked)]);
    const name = "\\208\\157\\208\\190\\209\\128\\208\\184\\208\\189\\208\\189";
    expect([typed.length, lastLine()]).toEqual([1, `/run MGM_RequestGiftConfirmation("${id}","${name}",0,3,33470,17)`]);
    session.asked.clear();
    await look([gift(asked)]);
    expect(typed).toHaveLength(2);
  });

  it.each([
    ["on its way", put("fact", "1", { number: 1, content: answer(true), addedAt: 1 })],
    ["told", put("told", "gift:ID:yes", { at: 1 })],
    ["a refusal that was told", put("told", "gift:ID:no", { at: 1 })],
    ["refused", put("refusal", "1", { fact: { number: 1, content: answer(false), addedAt: 1 }, code: "x", at: 1 })],
  ])("is over when the answer was heard: it is %s", async (_, change) => {
    await store.commit([JSON.parse(JSON.stringify(change).replaceAll("ID", id))]);
    await look([gift(asked)]);
    expect(typed).toEqual([]);
  });
});

describe("the mail", () => {
  it("is recorded with the game that it is typed into before it is, and named once a hello", async () => {
    await look([gift(agreed)]);
    await look([gift(agreed)]);
    expect(names()).toEqual(["MGM_SendGift"]);
    expect(typed[0]?.injected).toEqual({
      kind: "gift",
      at: clock.now(),
      isRecalled: false,
      process: GAME,
      isOnRecord: false,
    });
    session.asked.clear();
    await look([gift(agreed)]);
    expect(names()).toEqual(["MGM_SendGift", "MGM_SendGift"]);
    // Its row was withdrawn.
    session.asked.delete(nameOf(id));
    await look([gift(agreed)]);
    expect(names()).toHaveLength(3);
  });

  const elsewhere = { kind: "gift", at: 1, isRecalled: false, process: { processId: 6, startedAt: 1 } } as const;
  it.each([
    ["it may be on its way", put("sending", "ID", { since: 1, helloAt: null })],
    ["the streamer is asked about it", put("question", "ID", { reason: "sending_open", raisedAt: 1 })],
    ["that it left is on its way to the API", put("fact", "1", { number: 1, content: sent(), addedAt: 1 })],
    ["that it left was told", put("told", "gift:ID:gift_sent", { at: 1 })],
    ["the game that it was named to ended in silence", put("injected", "ID", { ...elsewhere, isOnRecord: false })],
  ])("is not named again while %s", async (_, change) => {
    await store.commit([JSON.parse(JSON.stringify(change).replaceAll("ID", id))]);
    await look([gift(agreed)]);
    expect(typed).toEqual([]);
  });

  it("waits until what has to leave the queue has left it", async () => {
    isBanned = true;
    await look([gift(agreed)]);
    expect(queue.waiting).toEqual([`gift_mail:${id}`]);
    await look([gift(agreed)], { isWithdrawing: true });
    expect(queue.waiting).toEqual([]);
    isBanned = false;
    await look([gift(agreed)]);
    expect(names()).toEqual(["MGM_SendGift"]);
  });
});

describe("what waits to be typed", () => {
  it("is taken back when the request is over, or another desktop's turn; wanted again, it is typed", async () => {
    isBanned = true;
    await look([gift(asked)]);
    expect(queue.waiting).toHaveLength(1);
    await look([]);
    expect(queue.waiting).toEqual([]);
    await look([gift(asked)]);
    expect(queue.waiting).toHaveLength(1);
    await look([gift(asked)], { isActive: false });
    expect(queue.waiting).toEqual([]);
    isBanned = false;
    await look([gift(asked)]);
    expect(names()).toEqual(["MGM_RequestGiftConfirmation"]);
  });

  it("is nothing at all of a desktop that is not the active one", async () => {
    await look([gift(), gift({ ...agreed, id: randomUUID() })], { isActive: false });
    expect([typed, store.all("gift").size]).toEqual([[], 0]);
  });

  it("is nothing of a request whose turn has not come: its draw begins with its turn", async () => {
    await look([gift({ state: "Pending" })]);
    expect([typed, store.all("gift").size]).toEqual([[], 0]);
  });

  it("is nothing of gold, whatever becomes of the gifts", async () => {
    isBanned = true;
    queue.request({ about: "gold:x", kind: "other", text: () => ({ name: "ReceiveGold", args: [""] }) });
    await look([]);
    expect(queue.waiting).toEqual(["gold:x"]);
  });
});

/** Contents of facts; the id comes in later. */
function answer(confirmed: boolean) {
  return { kind: "gift_answer", giftRequestId: "ID", confirmed } as const;
}
function sent() {
  return { kind: "gift_sent", giftRequestId: "ID" } as const;
}
