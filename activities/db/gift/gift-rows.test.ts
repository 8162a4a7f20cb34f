import { randomUUID } from "node:crypto";
import { type GiftEvent, type GiftRecord, NEW_GIFT } from "@mgm/domain/gift";
import type { GiftItem } from "@mgm/domain/gift-item";
import { CONTRACT_TIMINGS } from "@mgm/domain/timings";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "../../../temporal/test/engines.ts";
import { eventually } from "../../../temporal/test/world.ts";
import { giftSnapshot } from "../../snapshots.ts";
import { type Database, openDatabase } from "../database.ts";
import { restoreGift } from "../restore/restore-gift.ts";
import { changeEndedGift } from "./change-ended.ts";
import { type Gift, getGift } from "./gift-row.ts";
import { hasOlderGift } from "./has-older.ts";
import { findNextGift } from "./next-gift.ts";
import { projectGift } from "./project-gift.ts";
import { listOpenGifts, readDesktopQueue, readViewerQueue } from "./read-queue.ts";
import { recordGiftAnswer } from "./record-answer.ts";
import { recordGiftSent } from "./record-sent.ts";
import { requestGift, requestGiftByChat } from "./request-gift.ts";
import { settleVanishedGift } from "./settle-vanished-gift.ts";

/* What holds for the rows alone, whoever writes them: other channels, races, orders that the workflows avoid. */

const CHANNEL = "channel";
const OTHER = "another";
const ITEM: GiftItem = { name: "Cloth", id: 1, count: 1, link: "", texture: "", bagId: 0, slotId: 0 };
const DESKTOP = randomUUID();
const BY_DESKTOP = { cause: "desktop", desktopId: DESKTOP } as const;

let cloned: TestDatabase;
let database: Database;
beforeAll(async () => {
  cloned = await cloneDatabase();
  const limits = { maxConnections: 20, connectTimeoutMs: 5_000, statementTimeoutMs: 30_000 };
  database = openDatabase(cloned.url, limits, () => undefined);
});
afterAll(async () => {
  await database.end();
  await cloned.drop();
});
beforeEach(async () => {
  await database.query("truncate gift_requests, gift_events, gift_use, command_messages");
});

const wish = (viewerId: string, broadcasterId = CHANNEL) => ({
  broadcasterId,
  viewerId,
  viewerDisplayName: viewerId,
  characterName: "Norinn",
  timings: CONTRACT_TIMINGS,
  receivedAt: Date.now(),
});

async function ask(viewerId: string, broadcasterId = CHANNEL): Promise<Gift> {
  const asked = await requestGift(database, wish(viewerId, broadcasterId));
  if (!asked.ok) throw new Error(asked.code);
  return asked.gift;
}

const read = (gift: Gift): Promise<Gift> => getGift(database, gift);

/** Writes an event as the request's workflow would. */
async function project(gift: Gift, event: GiftEvent, record: Partial<GiftRecord>) {
  const { giftRequestId, broadcasterId, version: follows } = gift;
  const by = { ...BY_DESKTOP, at: Date.now() };
  const written = { ...NEW_GIFT, ...gift, ...record };
  return await projectGift(database, { broadcasterId, giftRequestId, follows, event, record: written, ...by });
}

async function promote(gift: Gift): Promise<Gift> {
  const at = Date.now();
  const event = { type: "promoted", at, timings: CONTRACT_TIMINGS } as const;
  return (await project(gift, event, { state: "SelectingItem", timeoutAt: at + 60_000 })).gift;
}

async function select(gift: Gift, timeoutAt = Date.now() + 300_000): Promise<Gift> {
  const event = { type: "itemSelected", item: ITEM, desktopId: DESKTOP, at: Date.now(), timings: CONTRACT_TIMINGS };
  const record = { state: "WaitingConfirmation", selectedItem: ITEM, selectedBy: DESKTOP, timeoutAt } as const;
  return (await project(gift, event as GiftEvent, record)).gift;
}

async function complete(gift: Gift): Promise<Gift> {
  const at = Date.now();
  const record = { state: "Completed", timeoutAt: null, completedAt: at } as const;
  return (await project(gift, { type: "answered", agreed: true, at }, record)).gift;
}

async function fail(gift: Gift): Promise<Gift> {
  const record = { state: "Failed", timeoutAt: null, failureReason: "failed_by_streamer" } as const;
  return (await project(gift, { type: "failed", reason: "failed_by_streamer" }, record)).gift;
}

const sent = (gift: Gift, receivedAt = Date.now()) =>
  recordGiftSent(database, { ...gift, cause: "log", desktopId: DESKTOP, receivedAt });

/** The streamer takes a completed gift back. */
async function takeBack(gift: Gift) {
  const event = { type: "failed", reason: "failed_by_streamer" } as const;
  return await changeEndedGift(database, gift, { ...BY_DESKTOP, event, at: Date.now() });
}

/** A viewer's gift was taken back, and another one is completed. */
async function takenBackAndAnother(): Promise<[Gift, Gift]> {
  const first = await complete(await select(await promote(await ask("viewer"))));
  await takeBack(first);
  return [first, await complete(await select(await promote(await ask("viewer"))))];
}

const used = async (): Promise<string[]> =>
  (await database.query("select broadcaster_id || ' ' || twitch_user_id as who from gift_use order by 1")).rows.map(
    ({ who }) => who,
  );

/** Somebody else's transaction, which holds what it has locked until it is let go. */
async function holding(statement: string, values: unknown[]): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: cloned.url });
  await client.connect();
  await client.query("begin");
  await client.query(statement, values);
  return async () => {
    await client.query("commit");
    await client.end();
  };
}

/** Waits until so many statements wait for a lock. */
const waiting = (count: number): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await database.query(
      `select count(*)::int as waiting from pg_locks join pg_stat_activity using (pid)
        where not granted and datname = current_database()`,
    );
    return rows[0].waiting >= count;
  });

describe("another channel", () => {
  it("has a queue, places and rights of its own", async () => {
    const theirs = await ask("viewer", OTHER);
    const ours = await ask("viewer");
    expect(await findNextGift(database, CHANNEL)).toBe(ours.giftRequestId);
    expect(await findNextGift(database, OTHER)).toBe(theirs.giftRequestId);
    expect(await hasOlderGift(database, CHANNEL, ours.giftRequestId)).toBe(false);
    expect(ours.queuePosition).toBe(1);
    const both = await Promise.all([promote(ours), promote(theirs)]);
    expect(both.map(({ state }) => state)).toEqual(["SelectingItem", "SelectingItem"]);
    const completed = await complete(await select(both[1]));
    expect(await used()).toEqual(["another viewer"]);
    expect((await read(ours)).facts.isRightUsedElsewhere).toBe(false);
    expect((await sent(completed))?.rival).toBeNull();
    await fail(both[0]);
    expect((await ask("viewer")).state).toBe("Pending");
    expect(await requestGift(database, wish("viewer", OTHER))).toMatchObject({ ok: false, code: "gift_already_used" });
    expect((await readViewerQueue(database, OTHER, "viewer")).mine?.giftRequestId).toBe(theirs.giftRequestId);
    expect((await readDesktopQueue(database, OTHER)).open).toEqual([]);
    expect((await listOpenGifts(database, CHANNEL)).queueLength).toBe(1);
  });

  it("cannot write into our requests by their ids", async () => {
    const gift = await select(await promote(await ask("viewer")));
    const foreign = { ...gift, broadcasterId: OTHER };
    await recordGiftAnswer(database, { ...foreign, agreed: true, receivedAt: Date.now() });
    expect((await read(gift)).facts.answer).toBeNull();
    expect(await sent(foreign)).toBeNull();
    expect(await settleVanishedGift(database, foreign, Date.now())).toBe(false);
    expect((await read(gift)).state).toBe("WaitingConfirmation");
  });
});

describe("the queue's order", () => {
  it("is the active request, then arrival, also when an older one has come back", async () => {
    const [first, second, third] = [await ask("first"), await ask("second"), await ask("third")];
    await promote(second);
    const order = [second, first, third].map(({ giftRequestId }) => giftRequestId);
    expect(await findNextGift(database, CHANNEL)).toBe(second.giftRequestId);
    const { gifts, queueLength } = await listOpenGifts(database, CHANNEL);
    expect(gifts.map(({ giftRequestId }) => giftRequestId)).toEqual(order);
    expect(gifts.map(({ queuePosition }) => queuePosition)).toEqual([1, 2, 3]);
    expect(queueLength).toBe(3);
    for (const [place, gift] of [second, first, third].entries()) {
      expect((await read(gift)).queuePosition).toBe(place + 1);
      expect(await hasOlderGift(database, CHANNEL, gift.giftRequestId)).toBe(place > 0);
    }
    expect((await listOpenGifts(database, CHANNEL, 2)).gifts).toHaveLength(2);
    expect((await fail(await read(first))).queuePosition).toBe(0);
    expect((await read(third)).queuePosition).toBe(2);
  });

  it("is the order in which requests are committed: nobody is seen before one with an older number", async () => {
    // The first one's commit waits for us, when it has its number already.
    const release = await holding("select pg_advisory_xact_lock(1)", []);
    await database.query(`
      create function wait_at_commit() returns trigger language plpgsql as $$
        begin
          if new.twitch_user_id = 'slow' then perform pg_advisory_xact_lock(1); end if;
          return null;
        end $$;
      create constraint trigger wait_at_commit after insert on gift_requests
        deferrable initially deferred for each row execute function wait_at_commit()`);
    try {
      const slow = ask("slow");
      await waiting(1);
      const quick = ask("quick");
      await waiting(2);
      expect((await listOpenGifts(database, CHANNEL)).queueLength).toBe(0);
      await release();
      const order = [(await slow).giftRequestId, (await quick).giftRequestId];
      expect((await listOpenGifts(database, CHANNEL)).gifts.map((gift) => gift.giftRequestId)).toEqual(order);
    } finally {
      await database.query("drop trigger wait_at_commit on gift_requests; drop function wait_at_commit");
    }
  });

  it("lists unsent gifts by the time at which their viewers agreed", async () => {
    const [first, second] = [await ask("first"), await ask("second")];
    await complete(await select(await promote(second)));
    await complete(await select(await promote(first)));
    const { unsent } = await readDesktopQueue(database, CHANNEL);
    expect(unsent.map(({ viewerId }) => viewerId)).toEqual(["second", "first"]);
  });
});

describe("a decided event", () => {
  it("is not written when the row has moved on since", async () => {
    const old = await ask("viewer");
    const promoted = await promote(old);
    const late = await project(old, { type: "failed", reason: "ended_by_operator" }, { state: "Failed" });
    expect(late).toMatchObject({ applied: false, gift: { state: "SelectingItem", version: promoted.version } });
  });

  it("waits for whoever holds the row, and is judged by what that one wrote", async () => {
    const gift = await promote(await ask("viewer"));
    const release = await holding("update gift_requests set version = version + 1 where gift_request_id = $1", [
      gift.giftRequestId,
    ]);
    const written = fail(gift);
    await waiting(1);
    await release();
    expect(await written).toMatchObject({ state: "SelectingItem" });
  });

  it("gives way to a fact that demands another one, and to no other fact", async () => {
    const gift = await select(await promote(await ask("viewer")));
    await recordGiftAnswer(database, { ...gift, agreed: true, receivedAt: Date.now() });
    expect((await fail(gift)).state).toBe("WaitingConfirmation");
    expect((await complete(gift)).state).toBe("Completed");
    expect((await fail(await read(gift))).state).toBe("Failed");
  });

  it("keeps a delivery that was recorded meanwhile, and counts each event once in the story", async () => {
    const gift = await promote(await ask("viewer"));
    await sent(gift, 1_000);
    await sent(gift, 2_000);
    expect((await read(gift)).deliveredAt).toBe(1_000);
    const at = Date.now();
    const record = { state: "Completed", completedAt: at, timeoutAt: null, deliveredAt: at } as const;
    const { gift: completed } = await project(gift, { type: "sent", at }, record);
    expect(completed).toMatchObject({ state: "Completed", deliveredAt: 1_000, version: gift.version + 1 });
    const { rows } = await database.query("select event_number as n, event from gift_events order by sequence");
    expect(rows.map(({ n, event }) => `${n} ${event}`)).toEqual(["1 requested", "2 promoted", "3 sent"]);
  });
});

describe("a viewer's answer", () => {
  const answerOf = async (gift: Gift) => (await read(gift)).facts.answer;
  const answer = (gift: Gift, agreed: boolean, receivedAt = Date.now()) =>
    recordGiftAnswer(database, { ...gift, agreed, receivedAt });

  it("is written down once, in its time, and in no other state", async () => {
    const timeoutAt = Date.now() + 1_000;
    const selecting = await promote(await ask("viewer"));
    await answer(selecting, true);
    expect(await answerOf(selecting)).toBeNull();
    const gift = await select(selecting, timeoutAt);
    await answer(gift, true, timeoutAt + 1);
    expect(await answerOf(gift)).toBeNull();
    await answer(gift, false, timeoutAt);
    await answer(gift, true, timeoutAt - 1);
    expect(await answerOf(gift)).toEqual({ agreed: false, at: timeoutAt });
  });
});

describe("the right to a gift", () => {
  it("belongs to one request: what another one gives back is not taken from it", async () => {
    const early = await fail(await select(await promote(await ask("viewer"))));
    const open = await select(await promote(await ask("viewer")));
    const recorded = await sent(early);
    expect(recorded?.rival?.giftRequestId).toBe(open.giftRequestId);
    expect((await read(open)).facts.isRightUsedElsewhere).toBe(true);
    // It had been agreed to in the same moment, and is taken back.
    await database.query(
      "update gift_requests set state = 'Completed', completed_at = now() where gift_request_id = $1",
      [open.giftRequestId],
    );
    expect(await takeBack(open)).toMatchObject({ ok: true, gift: { state: "Failed" } });
    expect(await used()).toEqual(["channel viewer"]);
  });

  it("stays used when the request that used it gives it back and another one's mail was sent", async () => {
    const [first, second] = await takenBackAndAnother();
    expect(await sent(first)).toMatchObject({ gift: { state: "Failed" }, rival: null });
    expect(await takeBack(second)).toMatchObject({ ok: true, gift: { state: "Failed" } });
    expect((await read(second)).facts.isRightUsedElsewhere).toBe(true);
    expect((await read(first)).facts.isRightUsedElsewhere).toBe(false);
    expect(await requestGift(database, wish("viewer"))).toMatchObject({ ok: false, code: "gift_already_used" });
  });

  it("comes back when no other request of that viewer, in that channel, has used it", async () => {
    await complete(await select(await promote(await ask("another viewer"))));
    await complete(await select(await promote(await ask("viewer", OTHER))));
    await fail(await select(await promote(await ask("viewer"))));
    const gift = await complete(await select(await promote(await ask("viewer"))));
    await takeBack(gift);
    expect(await used()).toEqual(["another viewer", "channel another viewer"]);
    expect((await ask("viewer")).state).toBe("Pending");
  });

  it("is given back by a workflow only after whoever judges it, as by anybody else", async () => {
    const [first, second] = await takenBackAndAnother();
    const release = await holding("select from gift_requests where gift_request_id = $1 for update", [
      first.giftRequestId,
    ]);
    const mailed = sent(first);
    await waiting(1);
    const back = fail(second);
    const seen = await Promise.race([back.then(() => "given back"), waiting(2).then(() => "waits")]);
    await release();
    await mailed;
    expect(seen).toBe("waits");
    expect((await back).state).toBe("Failed");
    expect(await used()).toEqual(["channel viewer"]);
  });

  it("stays used too when a restore brings back that it was given back", async () => {
    const [first, second] = await takenBackAndAnother();
    await sent(first);
    const snapshot = { ...second, version: second.version + 1, state: "Failed", failureReason: "failed_by_streamer" };
    const remembered = { snapshot: giftSnapshot(snapshot as Gift), createdAt: second.createdAt, at: Date.now() };
    expect(await restoreGift(database, remembered)).toBe("advanced");
    expect(await requestGift(database, wish("viewer"))).toMatchObject({ ok: false, code: "gift_already_used" });
  });

  it.each([
    ["asks again over HTTP", () => requestGift(database, wish("viewer"))],
    [
      "asks again in chat",
      () =>
        requestGiftByChat(database, wish("viewer"), {
          broadcasterId: CHANNEL,
          twitchUserId: "viewer",
          enrollmentRequestId: randomUUID(),
          commandedAt: Date.now(),
          receivedAt: Date.now(),
        }),
    ],
  ])("is used up before somebody who %s in the same moment is judged", async (_, again) => {
    const gift = await fail(await select(await promote(await ask("viewer"))));
    const release = await holding("select from gift_requests where gift_request_id = $1 for update", [
      gift.giftRequestId,
    ]);
    const first = sent(gift);
    await waiting(1);
    const second = again();
    await waiting(2);
    await release();
    await first;
    expect(await second).toMatchObject({ code: "gift_already_used" });
  });

  it("is used by a completion only when no mail of another request has used it meanwhile", async () => {
    const early = await fail(await select(await promote(await ask("viewer"))));
    const open = await select(await promote(await ask("viewer")));
    const release = await holding("select from gift_requests where gift_request_id = $1 for update", [
      early.giftRequestId,
    ]);
    const mailed = sent(early);
    await waiting(1);
    const completed = complete(open);
    await waiting(2);
    await release();
    await mailed;
    expect((await completed).state).toBe("WaitingConfirmation");
  });

  it("is not touched by the word about a request that is still open", async () => {
    const open = await promote(await ask("viewer"));
    expect(await takeBack(open)).toMatchObject({ code: "temporarily_unavailable" });
    expect((await read(open)).state).toBe("SelectingItem");
  });
});

describe("a request whose workflow vanished", () => {
  it("is ended once, and not when it has ended meanwhile", async () => {
    const gift = await promote(await ask("viewer"));
    const release = await holding(
      "update gift_requests set state = 'Failed', failure_reason = 'receiver_declined' where gift_request_id = $1",
      [gift.giftRequestId],
    );
    const settled = settleVanishedGift(database, gift, Date.now());
    await waiting(1);
    await release();
    expect(await settled).toBe(false);
    expect((await read(gift)).failureReason).toBe("receiver_declined");
  });
});
