import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatHello, formatTag, formatTagHead } from "@mgm/domain/chat-line/tag";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HELLO, KEY, logLine, tagLine } from "../../test/log-lines.ts";
import { LineBuffer } from "../log/line-buffer.ts";
import { LOG_BEGINNING } from "../log/log-position.ts";
import type { LogReset } from "../log/log-reader.ts";
import { wantDraw } from "../loop/gift-draw.ts";
import { ONLY, put, Store } from "../store/store.ts";
import { NO_TRUST } from "../trust/trust.ts";
import { digest, type LogEvent } from "./digest.ts";

const NOW = new Date(2026, 3, 4, 12, 0, 10).getTime();
const NONCE = "f".repeat(32);

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-digest-"));
  store = await Store.open(folder);
  const keys = [{ key: KEY, savedAt: NOW, isSpent: false }];
  await store.commit([
    put("trust", ONLY, { ...NO_TRUST, keys, nonces: [{ nonce: NONCE, savedAt: NOW, typedAt: NOW, isClosed: false }] }),
  ]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** Takes lines as one chunk. */
async function take(lines: readonly string[], reset: LogReset | null = null, now = NOW): Promise<readonly LogEvent[]> {
  const buffer = new LineBuffer({ offset: 0, beginningSeen: true });
  const chunk = { lines: buffer.push(Buffer.from(lines.join(""))), position: LOG_BEGINNING, reset, hasMore: false };
  const { changes, events } = digest(store, chunk, now);
  await store.commit(changes);
  return events;
}

const kinds = (events: readonly LogEvent[]) => events.map(({ kind }) => kind);
const facts = () => [...store.all("fact").values()].map(({ content }) => content);

describe("facts", () => {
  it("are numbered in the order of the log and stored with the position", async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await take([tagLine({ name: "ACCEPT", id: first }), tagLine({ name: "GIFT_DECLINE", id: second })]);
    await take([tagLine({ name: "CONFIRM", id: first })]);
    expect(facts()).toEqual([
      { kind: "accepted", payoutId: first },
      { kind: "gift_answer", giftRequestId: second, confirmed: false },
      { kind: "mail_sent", payoutId: first, byHand: false },
    ]);
    expect([...store.all("fact").keys()]).toEqual(["1", "2", "3"]);
    expect(store.get("position", ONLY)).toEqual(LOG_BEGINNING);
  });

  it("that the addon repeats are told once: on their way, told, or refused", async () => {
    const [onItsWay, told, refused] = [randomUUID(), randomUUID(), randomUUID()];
    await store.commit([
      put("told", `payout:${told}:mail_sent`, { at: NOW }),
      put("refusal", "7", {
        fact: { number: 7, content: { kind: "mail_sent", payoutId: refused, byHand: false }, addedAt: NOW },
        code: "not_found",
        at: NOW,
      }),
    ]);
    const lines = [onItsWay, onItsWay, told, refused].map((id) => tagLine({ name: "CONFIRM", id }));
    await take(lines);
    await take(lines);
    expect(facts()).toEqual([{ kind: "mail_sent", payoutId: onItsWay, byHand: false }]);
  });

  it("are not what somebody else says", async () => {
    const id = randomUUID();
    const text = `[MGM_CONFIRM:${id}] #${KEY}`;
    await take(["Eve says: ", "[2. Trade] Eve: ", "Eve whispers: "].map((prefix) => logLine(prefix + text)));
    expect(facts()).toEqual([]);
    expect(store.get("forgeries", ONLY)).toMatchObject({ total: 3, recent: [{ reason: "wrong_place" }, {}, {}] });
    expect(JSON.stringify(store.get("forgeries", ONLY))).not.toContain(KEY);
  });
});

describe("hellos", () => {
  const answer = logLine(formatHello(NONCE, HELLO));

  it("are wanted by READY, by whoever has no key, by a leak and by another log", async () => {
    const unkeyed = logLine(formatTagHead({ name: "READY", subject: null, place: null }));
    expect(await take([tagLine({ name: "READY" })])).toContainEqual({ kind: "hello_wanted", how: "soon" });
    expect(await take([unkeyed])).toEqual([{ kind: "hello_wanted", how: "paced" }]);
    expect(await take([], "truncated")).toEqual([{ kind: "hello_wanted", how: "soon" }]);
    const leak = await take([logLine(`Mimiron says: run MGM_Hello("${NONCE}","${KEY}",1)`)]);
    expect(leak).toContainEqual({ kind: "hello_wanted", how: "soon" });
    expect(await take([tagLine({ name: "READY" })])).toEqual([{ kind: "hello_wanted", how: "paced" }]);
  });

  it("that are answered are kept, in the same commit as the position", async () => {
    expect(await take([answer])).toEqual([{ kind: "hello", hello: HELLO }]);
    expect(store.get("trust", ONLY)).toMatchObject({ hello: HELLO, nonces: [{ isClosed: true }] });
  });
});

describe("a goodbye", () => {
  const at = new Date(2026, 3, 4, 12).getTime();
  const bye = tagLine({ name: "BYE" });
  const unkeyed = logLine(formatTagHead({ name: "BYE", subject: null, place: null }), new Date(at));
  const hello = (typedAt: number) => put("command", "hello", { number: 7, state: "typed", at: typedAt });
  const secrets = () => {
    const { keys = [], nonces = [] } = store.get("trust", ONLY) ?? {};
    return [keys[0]?.isSpent, nonces[0]?.isClosed];
  };

  it.each([bye, unkeyed])(
    "spends the secrets of a hello that was being typed: it may stand in a login screen",
    async (line) => {
      await store.commit([hello(at - 500)]);
      const events = await take([line]);
      expect(kinds(events)).toEqual(expect.arrayContaining(["world_left", "hello_wanted"]));
      expect(secrets()).toEqual([true, true]);
    },
  );

  it("spends nothing when nobody was typing a hello, or it was answered before", async () => {
    await take([bye]);
    await store.commit([hello(at - 10_001)]);
    await take([bye]);
    expect(secrets()).toEqual([false, false]);
    await store.commit([hello(at - 500)]);
    expect(kinds(await take([logLine(formatHello(NONCE, HELLO)), bye]))).toContain("world_left");
    expect(secrets()).toEqual([false, true]);
  });
});

describe("mails", () => {
  const id = randomUUID();

  it.each(["CONFIRM", "FAILED", "GIFT_SENT"] as const)("are open from SENDING to %s", async (name) => {
    await take([tagLine({ name: "SENDING", id })]);
    expect(store.get("sending", id)).toEqual({ since: NOW, helloAt: null });
    await take([logLine(formatHello(NONCE, HELLO))], null, NOW + 1);
    expect(store.get("sending", id)).toEqual({ since: NOW, helloAt: NOW + 1 });
    await store.commit([put("question", id, { reason: "sending_open", raisedAt: NOW })]);
    await take([tagLine({ name, id })]);
    expect(store.get("sending", id)).toBeUndefined();
    expect(store.get("question", id)).toBeUndefined();
  });

  it("that are announced without a key are a question at once", async () => {
    await take([tagLine({ name: "SENDING", id }, "e".repeat(16))]);
    expect(store.get("question", id)).toEqual({ reason: "sending_unkeyed", raisedAt: NOW });
    expect(store.get("sending", id)).toBeUndefined();
  });
});

describe("mail that did not leave", () => {
  const id = randomUUID();

  it("is said once, until it is tried again", async () => {
    const failed = tagLine({ name: "FAILED", id });
    expect(kinds(await take([tagLine({ name: "SENDING", id }), failed]))).toEqual(["tag", "mail_failed", "tag"]);
    expect(kinds(await take([failed, failed]))).toEqual(["tag", "tag"]);
    expect(store.get("failure", id)).toEqual({ at: NOW });
    await take([tagLine({ name: "SENDING", id })]);
    expect(store.get("failure", id)).toBeUndefined();
    expect(kinds(await take([failed]))).toEqual(["mail_failed", "tag"]);
    await take([tagLine({ name: "CONFIRM", id })]);
    expect(store.get("failure", id)).toBeUndefined();
  });
});

describe("mail that left", () => {
  it("is the last mail by the game's clock, and no news when it is repeated", async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const at = (minute: number) => new Date(2026, 3, 4, 12, minute);
    const line = (id: string, minute: number) => logLine(formatTag({ name: "CONFIRM", id }, KEY), at(minute));
    await take([line(first, 1)], null, NOW);
    await take([line(second, 2), line(first, 3)]);
    expect(store.get("mailbox", ONLY)).toEqual({ lastMailAt: at(2).getTime() });
  });

  it("by the streamer's word is not opened again by a SENDING that the addon repeats", async () => {
    const [gold, gift] = [randomUUID(), randomUUID()];
    await store.commit([
      put("told", `payout:${gold}:mail_sent:by_hand`, { at: NOW }),
      put("told", `gift:${gift}:gift_sent`, { at: NOW }),
    ]);
    await take([tagLine({ name: "SENDING", id: gold }), tagLine({ name: "SENDING", id: gift })]);
    expect(store.all("sending").size).toBe(0);
  });
});

describe("mail that was named", () => {
  const id = randomUUID();
  const injected = { kind: "gold", at: NOW - 1_000, isRecalled: false, process: null, isOnRecord: false } as const;
  const isOnRecord = () => store.get("injected", id)?.isOnRecord;
  const typed = (at: number, about = `gold:${randomUUID()},${id}`) =>
    put("command", about, { number: 7, state: "typed", at });
  const bye = (at: number) => logLine(formatTag({ name: "BYE" }, KEY), new Date(at));

  it("is on record when it is a gift, too", async () => {
    await store.commit([put("injected", id, { ...injected, kind: "gift" }), typed(NOW, `gift_mail:${id}`)]);
    await take([tagLine({ name: "ACK", number: 7 })]);
    expect(isOnRecord()).toBe(true);
  });

  it("is on record when its command is acknowledged at once, not when a full block brought that", async () => {
    await store.commit([put("injected", id, injected), typed(NOW - 10_001)]);
    await take([tagLine({ name: "ACK", number: 7 })]);
    expect(isOnRecord()).toBe(false);
    await store.commit([typed(NOW - 10_000)]);
    await take([tagLine({ name: "ACK", number: 7 })]);
    expect(isOnRecord()).toBe(true);
  });

  it("is not on record when its command was typed in what is the future now: nobody knows how long ago that was", async () => {
    await store.commit([put("injected", id, injected), typed(NOW + 1)]);
    await take([tagLine({ name: "ACK", number: 7 })]);
    expect(isOnRecord()).toBe(false);
  });

  it("is on record when the addon says goodbye after it, not when that is an old line read again", async () => {
    await store.commit([put("injected", id, injected)]);
    await take([bye(NOW - 2_000)]);
    expect(isOnRecord()).toBe(false);
    await take([bye(NOW)]);
    expect(isOnRecord()).toBe(true);
  });

  it("is off the record when the log is another one", async () => {
    await store.commit([put("injected", id, { ...injected, isOnRecord: true })]);
    await take([], "truncated");
    expect(isOnRecord()).toBe(false);
  });
});

describe("a gift's draw", () => {
  const id = randomUUID();
  const stack = { bag: 0, slot: 3, itemId: 33_470, count: 17 };
  const item = { name: "Cloth", id: 33_470, count: 17, link: "", texture: "", bagId: 0, slotId: 3 };
  const draw = () => store.get("gift", id);

  it("takes the bags as they were listed first, and is over with the description", async () => {
    await store.commit([put("gift", id, wantDraw("Norinn", NOW))]);
    await take([tagLine({ name: "ITEMS", id, stacks: [stack] }), tagLine({ name: "ITEMS", id, stacks: [] })]);
    expect(draw()).toMatchObject({ round: 1, stacks: [stack] });
    await store.commit([put("gift", id, { ...wantDraw("Norinn", NOW), stacks: [stack], drawnIndex: 0, drawnAt: NOW })]);
    await take([tagLine({ name: "ITEM", id, item })]);
    expect([draw()?.isDescribed, facts()]).toEqual([true, [{ kind: "gift_item", giftRequestId: id, item }]]);
  });

  it("begins anew when the stack is gone before it was described; after that its mail did not leave", async () => {
    const drawn = { ...wantDraw("Norinn", NOW), stacks: [stack], drawnIndex: 0, drawnAt: NOW };
    await store.commit([put("gift", id, drawn)]);
    expect(kinds(await take([tagLine({ name: "FAILED", id })]))).toEqual(["tag"]);
    expect(draw()).toEqual({ ...wantDraw("Norinn", NOW), round: 2 });
    await store.commit([put("gift", id, { ...drawn, isDescribed: true })]);
    expect(kinds(await take([tagLine({ name: "FAILED", id })]))).toEqual(["mail_failed", "tag"]);
  });
});

describe("the rest", () => {
  it("takes new numbers after a hello for what was typed and not acknowledged", async () => {
    await store.commit([
      put("command", "gold:a", { number: 41, state: "typed", at: NOW }),
      put("command", "whisper:a", { number: 42, state: "failed", at: NOW }),
      put("command", "whisper:b", { number: 43, state: "acknowledged", at: NOW }),
    ]);
    await take([logLine(formatHello(NONCE, HELLO))]);
    expect([...store.all("command").keys()]).toEqual(["whisper:b"]);
  });

  it("marks acknowledged commands, those of several payouts by one number too", async () => {
    const record = { number: 41, state: "typed", at: NOW } as const;
    await store.commit([
      put("command", "gold:a", record),
      put("command", "gold:b", record),
      put("command", "whisper:a", { ...record, number: 42 }),
    ]);
    const events = await take([tagLine({ name: "ACK", number: 41 })]);
    expect(events).toEqual([{ kind: "tag", tag: { name: "ACK", number: 41 } }]);
    expect([...store.all("command").values()].map(({ state }) => state)).toEqual([
      "acknowledged",
      "acknowledged",
      "typed",
    ]);
  });

  it("knows when the game showed a world, by the time of the line", async () => {
    const at = new Date(2026, 3, 4, 12).getTime();
    await take([tagLine({ name: "READY" })]);
    expect(store.get("world", ONLY)).toEqual({ isShown: true, at });
    await take([tagLine({ name: "BYE" })]);
    expect(store.get("world", ONLY)).toEqual({ isShown: false, at });
  });

  it("passes on talk, which may be a command said aloud", async () => {
    expect(kinds(await take([logLine("Mimiron says: hi")]))).toEqual(["talk"]);
  });
});
