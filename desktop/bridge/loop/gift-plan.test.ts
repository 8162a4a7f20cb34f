import type { GiftRequestDetailsDto } from "@mgm/domain/wire";
import { describe, expect, it } from "vitest";
import { describeStack, drawAnew, drawStack, type GiftDraw, listBags, wantDraw } from "./gift-draw.ts";
import { type GiftFacts, isOwedGift, planGift, promisedStacks } from "./gift-plan.ts";

const NOW = "2026-04-04T12:00:00.000Z";
const CLOTH = { bag: 0, slot: 3, itemId: 33_470, count: 17 };
const LOTUS = { bag: 4, slot: 1, itemId: 36_908, count: 3 };
const gift = (changed: Partial<GiftRequestDetailsDto>): GiftRequestDetailsDto => ({
  id: "a",
  streamerId: "1",
  viewerId: "2",
  viewerDisplayName: "Viewer",
  characterName: "Norinn",
  state: "SelectingItem",
  selectedItem: null,
  selectedBy: null,
  queuePosition: 1,
  estimatedWaitSeconds: 0,
  createdAt: NOW,
  updatedAt: NOW,
  timeoutAt: null,
  failureReason: null,
  deliveredAt: null,
  needsAttention: false,
  ...changed,
});
const WANTED = wantDraw("Norinn", 1);
const NOTHING: GiftFacts = {
  desktopId: "us",
  draw: WANTED,
  isAnswered: false,
  isMailUnclear: false,
  isWithdrawing: false,
  promised: [],
};
const selecting = (draw: Partial<GiftDraw>) => planGift(gift({}), { ...NOTHING, draw: { ...WANTED, ...draw } });
const selectedItem = { name: "Cloth", id: 33_470, count: 17, link: "", texture: "", bagId: 0, slotId: 3 };
const asked = { state: "WaitingConfirmation", selectedItem, selectedBy: "us" } as const;
const agreed = { ...asked, state: "Completed" } as const;

describe("a gift request whose item is wanted", () => {
  it("has the bags listed, then drawn from, then the stack described, and then waits for the API", () => {
    expect(planGift(gift({}), { ...NOTHING, draw: undefined })).toEqual({ kind: "list", round: 1 });
    expect(selecting({ round: 2 })).toEqual({ kind: "list", round: 2 });
    expect(selecting({ stacks: [CLOTH, LOTUS] })).toEqual({ kind: "draw", stacks: [CLOTH, LOTUS] });
    expect(selecting({ stacks: [CLOTH, LOTUS], drawnIndex: 1 })).toEqual({ kind: "describe", round: 1, stack: LOTUS });
    expect(selecting({ stacks: [CLOTH], drawnIndex: 0, isDescribed: true })).toBeNull();
  });

  it("is failed where nothing can be given", () => {
    expect(selecting({ stacks: [] })).toEqual({ kind: "fail" });
  });

  it("is served from what is promised to nobody, and failed where nothing else is there", () => {
    const listed = { ...WANTED, stacks: [CLOTH, LOTUS] };
    // More was put onto the stack since: its mail has to find it all the same.
    const promised = [{ ...CLOTH, count: 5 }];
    const beside = [
      { ...CLOTH, bag: 1 },
      { ...CLOTH, slot: 4 },
      { ...CLOTH, itemId: 1 },
    ];
    const plan = (draw: GiftDraw) => planGift(gift({}), { ...NOTHING, draw, promised });
    expect(plan(listed)).toEqual({ kind: "draw", stacks: [LOTUS] });
    expect(plan({ ...listed, stacks: [CLOTH, ...beside] })).toEqual({ kind: "draw", stacks: beside });
    expect(plan({ ...listed, stacks: [CLOTH] })).toEqual({ kind: "fail" });
    // What was drawn stays drawn.
    expect(plan(drawStack(listed, [LOTUS], 5))).toEqual({ kind: "describe", round: 1, stack: LOTUS });
  });

  it.each(["Pending", "Failed"] as const)("asks for nothing while it is %s", (state) => {
    expect(planGift(gift({ state }), NOTHING)).toBeNull();
  });
});

describe("a gift request whose item was selected", () => {
  it("is asked about here alone, and not once it was answered", () => {
    expect(planGift(gift(asked), NOTHING)).toEqual({ kind: "ask", stack: CLOTH });
    expect(planGift(gift(asked), { ...NOTHING, isAnswered: true })).toBeNull();
    expect(planGift(gift({ ...asked, selectedBy: "them" }), NOTHING)).toBeNull();
  });

  it("is mailed here alone, once the API knows that the viewer agreed", () => {
    expect(planGift(gift(agreed), NOTHING)).toEqual({ kind: "mail", stack: CLOTH });
    expect(planGift(gift({ ...agreed, selectedBy: "them" }), NOTHING)).toBeNull();
    expect(planGift(gift({ ...agreed, deliveredAt: NOW }), NOTHING)).toBeNull();
  });

  it.each(["isMailUnclear", "isWithdrawing"] as const)("is not mailed: %s", (fact) => {
    expect(planGift(gift(agreed), { ...NOTHING, [fact]: true })).toBeNull();
  });

  it("may stay in the addon's queue only while it is owed here", () => {
    expect(isOwedGift(gift(agreed), "us")).toBe(true);
    const others = [asked, { ...agreed, selectedBy: "them" }, { ...agreed, deliveredAt: NOW }] as const;
    for (const other of others) expect(isOwedGift(gift(other), "us")).toBe(false);
  });
});

describe("the stacks that are promised", () => {
  it("are those of the gifts that were agreed to and not sent, whoever is to send them", () => {
    expect(promisedStacks([gift(agreed)])).toEqual([CLOTH]);
    expect(promisedStacks([gift({ ...agreed, selectedBy: "them" })])).toEqual([CLOTH]);
    const others = [asked, { ...agreed, deliveredAt: NOW }, { ...agreed, state: "Failed" }, {}] as const;
    expect(promisedStacks(others.map(gift))).toEqual([]);
  });
});

describe("a draw", () => {
  it("is uniform over the stacks", () => {
    const [stacks, draws] = [20, 40_000];
    const bags = Array.from({ length: stacks }, (_, slot) => ({ ...CLOTH, slot }));
    const hits = new Array<number>(stacks).fill(0);
    for (let i = 0; i < draws; i += 1) {
      const { drawnIndex } = drawStack(WANTED, bags, 5);
      hits[drawnIndex ?? -1] = (hits[drawnIndex ?? -1] ?? Number.NaN) + 1;
    }
    const expected = draws / stacks;
    const chiSquare = hits.reduce((sum, hit) => sum + (hit - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: a fair draw exceeds this once in ten thousand million runs.
    expect(chiSquare).toBeLessThan(89);
  });

  it("stands, whatever the addon says again", () => {
    const drawn = drawStack(listBags(WANTED, [CLOTH]), [CLOTH], 5);
    expect(listBags(drawn, [LOTUS, CLOTH])).toBe(drawn);
    expect(drawn).toMatchObject({ drawnIndex: 0, drawnAt: 5 });
  });

  it("counts in the stacks that were on offer, which are kept with it", () => {
    expect(drawStack(listBags(WANTED, [CLOTH, LOTUS]), [LOTUS], 5)).toEqual({
      ...WANTED,
      stacks: [LOTUS],
      drawnIndex: 0,
      drawnAt: 5,
    });
  });

  it("is over once the item was described; before, a stack that is gone brings another round", () => {
    const drawn = drawStack(listBags(WANTED, [CLOTH]), [CLOTH], 5);
    expect(drawAnew(drawn)).toEqual({ ...WANTED, round: 2 });
    expect(drawAnew(describeStack(drawn))).toBeNull();
    expect(drawAnew(WANTED)).toBeNull();
    expect(describeStack(WANTED)).toBe(WANTED);
  });
});
