import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyGiftEvent,
  DESKTOP_FAILURE_REASONS,
  demandedByFacts,
  fulfils,
  GIFT_FAILURE_REASONS,
  GIFT_STATES,
  type GiftEvent,
  type GiftFacts,
  type GiftRecord,
  type GiftState,
  isActiveGift,
  isOpenGift,
  NEW_GIFT,
  usesRightUp,
} from "./gift.ts";
import type { GiftItem } from "./gift-item.ts";
import { CONTRACT_TIMINGS } from "./timings.ts";

const DESKTOP = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const OTHER = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
const NOW = 1_700_000_000_000;
const ITEM: GiftItem = { name: "Cloth", id: 1, count: 2, link: "|h", texture: "t", bagId: 0, slotId: 1 };
const OTHER_ITEM: GiftItem = { ...ITEM, slotId: 2 };

const timings = CONTRACT_TIMINGS;
const promoted: GiftEvent = { type: "promoted", at: NOW, timings };
const selected: GiftEvent = { type: "itemSelected", item: ITEM, desktopId: DESKTOP, at: NOW, timings };
const agreed: GiftEvent = { type: "answered", agreed: true, at: NOW };
const declined: GiftEvent = { type: "answered", agreed: false, at: NOW };
const sent: GiftEvent = { type: "sent", at: NOW };
const failed = (reason: (typeof GIFT_FAILURE_REASONS)[number]): GiftEvent => ({ type: "failed", reason });
const timedOut = (at: number): GiftEvent => ({ type: "timedOut", at });

/** A record in each state, as it comes about. */
function after(...events: GiftEvent[]): GiftRecord {
  return events.reduce<GiftRecord>((record, event) => {
    const change = applyGiftEvent(record, event);
    if (!change.ok) throw new Error(`${event.type}: ${change.code}`);
    return change.record;
  }, NEW_GIFT);
}
const IN: Record<GiftState, GiftRecord> = {
  Pending: NEW_GIFT,
  SelectingItem: after(promoted),
  WaitingConfirmation: after(promoted, selected),
  Completed: after(promoted, selected, agreed),
  Failed: after(promoted, failed("no_items_available")),
};
const SENT = after(promoted, selected, agreed, sent);

describe("a gift request's states", () => {
  it("are five, three of them open, two of these active", () => {
    expect(GIFT_STATES.filter(isOpenGift)).toEqual(["Pending", "SelectingItem", "WaitingConfirmation"]);
    expect(GIFT_STATES.filter(isActiveGift)).toEqual(["SelectingItem", "WaitingConfirmation"]);
  });

  it("have their times", () => {
    expect(GIFT_STATES.map((state) => IN[state].timeoutAt)).toEqual([null, NOW + 60_000, NOW + 300_000, null, null]);
  });
});

/** What every event leads to; `same` succeeds and does nothing, `no` is refused. */
const TABLE: [GiftEvent, Record<GiftState, GiftState | "same" | "no">][] = [
  [
    promoted,
    { Pending: "SelectingItem", SelectingItem: "same", WaitingConfirmation: "same", Completed: "no", Failed: "no" },
  ],
  [
    selected,
    {
      Pending: "no",
      SelectingItem: "WaitingConfirmation",
      WaitingConfirmation: "same",
      Completed: "same",
      Failed: "no",
    },
  ],
  [
    { ...selected, item: OTHER_ITEM },
    { Pending: "no", SelectingItem: "WaitingConfirmation", WaitingConfirmation: "no", Completed: "no", Failed: "no" },
  ],
  [agreed, { Pending: "no", SelectingItem: "no", WaitingConfirmation: "Completed", Completed: "same", Failed: "no" }],
  [declined, { Pending: "no", SelectingItem: "no", WaitingConfirmation: "Failed", Completed: "no", Failed: "no" }],
  [
    sent,
    {
      Pending: "Completed",
      SelectingItem: "Completed",
      WaitingConfirmation: "Completed",
      Completed: "Completed",
      Failed: "Failed",
    },
  ],
  [
    failed("no_items_available"),
    { Pending: "Failed", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "no", Failed: "same" },
  ],
  [
    failed("failed_by_streamer"),
    { Pending: "Failed", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "Failed", Failed: "no" },
  ],
  [
    failed("receiver_declined"),
    { Pending: "Failed", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "no", Failed: "no" },
  ],
  [
    failed("ended_by_operator"),
    { Pending: "Failed", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "no", Failed: "no" },
  ],
  [
    failed("not_subscriber"),
    { Pending: "Failed", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "no", Failed: "no" },
  ],
  [
    timedOut(NOW + 300_000),
    { Pending: "no", SelectingItem: "Failed", WaitingConfirmation: "Failed", Completed: "no", Failed: "no" },
  ],
  [
    timedOut(NOW + 59_999),
    { Pending: "no", SelectingItem: "no", WaitingConfirmation: "no", Completed: "no", Failed: "no" },
  ],
];

describe("applyGiftEvent", () => {
  const cases = TABLE.flatMap(([event, ends]) => GIFT_STATES.map((state) => [event, state, ends[state]] as const));
  it.each(cases)("%o in %s: %s", (event, state, end) => {
    const change = applyGiftEvent(IN[state], event);
    if (end === "no") expect(change).toEqual({ ok: false, code: "invalid_state", details: { state } });
    else if (end === "same") expect(change).toEqual({ ok: true, record: IN[state], changed: false });
    else expect(change).toMatchObject({ ok: true, changed: true, record: { state: end } });
  });

  it("keeps the desktop that selected the item, whoever repeats it", () => {
    expect(IN.WaitingConfirmation).toMatchObject({ selectedItem: ITEM, selectedBy: DESKTOP });
    const repeated = applyGiftEvent(IN.WaitingConfirmation, { ...selected, desktopId: OTHER } as GiftEvent);
    expect(repeated).toMatchObject({ ok: true, changed: false, record: { selectedBy: DESKTOP } });
  });

  it("tells by the state which time is over", () => {
    expect(after(promoted, timedOut(NOW + 60_000)).failureReason).toBe("selection_timeout");
    expect(after(promoted, selected, timedOut(NOW + 300_000)).failureReason).toBe("confirmation_timeout");
  });

  it.each([
    ["an item", IN.SelectingItem, (at: number) => ({ ...selected, at }) as GiftEvent, NOW + 60_000],
    ["an answer", IN.WaitingConfirmation, (at: number) => ({ ...agreed, at }) as GiftEvent, NOW + 300_000],
  ])("takes %s that was received in time, and none later", (_, record, event, until) => {
    expect(applyGiftEvent(record, event(until))).toMatchObject({ ok: true, changed: true });
    expect(applyGiftEvent(record, event(until + 1))).toMatchObject({ ok: false, code: "invalid_state" });
  });

  it("takes a repeated answer in every later state", () => {
    const takenBack = after(promoted, selected, agreed, failed("failed_by_streamer"));
    expect(applyGiftEvent(takenBack, agreed)).toMatchObject({ ok: true, changed: false });
    expect(applyGiftEvent(takenBack, selected)).toMatchObject({ ok: true, changed: false });
    expect(applyGiftEvent(after(promoted, selected, declined), declined)).toMatchObject({ ok: true, changed: false });
    expect(applyGiftEvent(after(promoted, selected, declined), agreed)).toMatchObject({ code: "invalid_state" });
  });

  it("lets the streamer take back only what was not sent", () => {
    expect(applyGiftEvent(SENT, failed("failed_by_streamer"))).toMatchObject({ code: "invalid_state" });
  });

  it("records in every state that the mail was sent, once", () => {
    for (const state of GIFT_STATES) {
      const first = applyGiftEvent(IN[state], sent);
      if (!first.ok) throw new Error(first.code);
      expect(first.record.deliveredAt).toBe(NOW);
      expect(first.record.state).toBe(state === "Failed" ? "Failed" : "Completed");
      expect(usesRightUp(first.record)).toBe(true);
      const again = applyGiftEvent(first.record, { type: "sent", at: NOW + 1 });
      expect(again).toEqual({ ok: true, record: first.record, changed: false });
    }
  });

  it("never comes to life again, has a time exactly while active, and forgets no sending", () => {
    const at = fc.integer({ min: NOW - 1_000, max: NOW + 400_000 });
    const event: fc.Arbitrary<GiftEvent> = fc.oneof(
      fc.record({ type: fc.constant("promoted" as const), at, timings: fc.constant(timings) }),
      fc.record({
        type: fc.constant("itemSelected" as const),
        item: fc.constantFrom(ITEM, OTHER_ITEM),
        desktopId: fc.constantFrom(DESKTOP, OTHER, null),
        at,
        timings: fc.constant(timings),
      }),
      fc.record({ type: fc.constant("answered" as const), agreed: fc.boolean(), at }),
      fc.record({ type: fc.constant("sent" as const), at }),
      fc.record({ type: fc.constant("failed" as const), reason: fc.constantFrom(...GIFT_FAILURE_REASONS) }),
      fc.record({ type: fc.constant("timedOut" as const), at }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let record = NEW_GIFT;
        for (const each of events) {
          const change = applyGiftEvent(record, each);
          if (!change.ok) continue;
          if (!isOpenGift(record.state)) expect(isOpenGift(change.record.state)).toBe(false);
          if (record.deliveredAt !== null) expect(change.record.deliveredAt).toBe(record.deliveredAt);
          if (!change.changed) expect(change.record).toEqual(record);
          record = change.record;
          expect(record.timeoutAt !== null).toBe(isActiveGift(record.state));
          expect(record.failureReason !== null).toBe(record.state === "Failed");
          // What happened once may be told again.
          const again = applyGiftEvent(record, each);
          if (each.type !== "timedOut" && each.type !== "promoted")
            expect(again).toMatchObject({ ok: true, changed: false });
        }
      }),
    );
  });
});

describe("facts that the row holds", () => {
  const NONE: GiftFacts = { deliveredAt: null, answer: null, isRightUsedElsewhere: false };
  const answer = { agreed: true, at: NOW };

  it("demand nothing of a request when there are none, or when it has ended", () => {
    for (const state of GIFT_STATES) expect(demandedByFacts(IN[state], NONE)).toBeNull();
    const all = { deliveredAt: NOW, answer, isRightUsedElsewhere: true };
    expect(demandedByFacts(IN.Completed, all)).toBeNull();
    expect(demandedByFacts(IN.Failed, all)).toBeNull();
  });

  it.each(GIFT_STATES.filter(isOpenGift))("complete a request in %s that was sent, whatever else is known", (state) => {
    const all = { deliveredAt: NOW, answer: { ...answer, agreed: false }, isRightUsedElsewhere: true };
    expect(demandedByFacts(IN[state], all)).toEqual(sent);
  });

  it("fail one whose viewer has a gift by another request, agreed or not", () => {
    for (const state of ["Pending", "SelectingItem", "WaitingConfirmation"] as const) {
      expect(demandedByFacts(IN[state], { ...NONE, answer, isRightUsedElsewhere: true })).toEqual(
        failed("failed_by_streamer"),
      );
    }
  });

  it("answer for the viewer while the answer is waited for", () => {
    expect(demandedByFacts(IN.WaitingConfirmation, { ...NONE, answer })).toEqual(agreed);
    expect(demandedByFacts(IN.SelectingItem, { ...NONE, answer })).toBeNull();
  });

  it.each<[GiftEvent, GiftEvent, boolean]>([
    [sent, { type: "sent", at: NOW + 5 }, true],
    [agreed, { ...agreed, at: NOW + 5 } as GiftEvent, true],
    [agreed, declined, false],
    [failed("failed_by_streamer"), failed("failed_by_streamer"), true],
    [failed("failed_by_streamer"), failed("ended_by_operator"), false],
    [timedOut(NOW), agreed, false],
  ])("are fulfilled by what they demand alone: %o, %o: %s", (event, demanded, isFulfilled) => {
    expect(fulfils(event, demanded)).toBe(isFulfilled);
  });
});

it("the streamer's own reasons are three", () => {
  expect(DESKTOP_FAILURE_REASONS).toEqual(["no_items_available", "receiver_declined", "failed_by_streamer"]);
});
