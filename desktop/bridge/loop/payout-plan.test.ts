import type { PayoutDetailsDto } from "@mgm/domain/wire";
import { describe, expect, it } from "vitest";
import { type PlanFacts, planPayouts } from "./payout-plan.ts";
import { isAtLeast } from "./versions.ts";

const NOW = "2026-04-04T12:00:00.000Z";
const payout = (changed: Partial<PayoutDetailsDto> = {}): PayoutDetailsDto => ({
  id: "a",
  twitchUserId: "1",
  twitchDisplayName: "Viewer",
  characterName: "Norinn",
  goldAmount: 1_000,
  enrollmentRequestId: "e",
  status: "Pending",
  createdAt: NOW,
  isRewardSentAnnouncedToChat: false,
  winnerAcceptedWillingToReceiveAt: null,
  expiresAt: NOW,
  updatedAt: NOW,
  mailConfirmedAt: null,
  spinCycleId: "c",
  heldBy: null,
  needsAttention: false,
  ...changed,
});
const NOTHING: PlanFacts = {
  desktopId: "us",
  isWhispered: () => false,
  isWhisperRepeated: () => false,
  isNamed: () => false,
  isUncertain: () => false,
  isMailed: () => false,
  isInDoubt: () => false,
  hasRepeated: true,
  isOwedGift: () => false,
  injected: [],
  isRecalled: () => false,
};
/** The ids under each heading that is not empty. */
function plan(payouts: PayoutDetailsDto[], facts: Partial<PlanFacts> = {}): Record<string, string[]> {
  const made = Object.entries(planPayouts(payouts, { ...NOTHING, ...facts }));
  const ids = made.map(([what, list]) => [
    what,
    list.map((one: string | PayoutDetailsDto) => (typeof one === "string" ? one : one.id)),
  ]);
  return Object.fromEntries(ids.filter(([, list]) => list?.length !== 0));
}
const yes = () => true;
const accepted = { winnerAcceptedWillingToReceiveAt: NOW };
const held = { ...accepted, status: "InProgress", heldBy: "us" } as const;

describe("the plan for a payout", () => {
  it.each<[string, Partial<PayoutDetailsDto>, Partial<PlanFacts>, Record<string, string[]>]>([
    ["new: whisper", {}, {}, { whisper: ["a"] }],
    ["whispered since the last hello: wait", {}, { isWhisperRepeated: yes }, {}],
    ["whispered before the last hello, unanswered: whisper again", {}, { isWhispered: yes }, { whisper: ["a"] }],
    ["accepted, whisper not acknowledged: whisper, and nothing else", accepted, {}, { whisper: ["a"] }],
    ["accepted and whispered: may be synced", accepted, { isWhispered: yes }, { syncable: ["a"] }],
    ["accepted, its mail uncertain: leave it", accepted, { isWhispered: yes, isUncertain: yes }, {}],
    ["ours and whispered: name its gold", held, { isWhispered: yes }, { name: ["a"] }],
    ["ours, not whispered: never its gold", held, {}, { whisper: ["a"] }],
    ["ours and named: wait", held, { isWhispered: yes, isNamed: yes, injected: ["a"] }, {}],
    ["ours, its mail uncertain: do not name it", held, { isWhispered: yes, isUncertain: yes }, {}],
    ["another desktop's: ask", { ...held, heldBy: "them" }, { isWhispered: yes }, { foreign: ["a"] }],
    ["ours and mailed, the API not told yet: nothing", held, { isMailed: yes }, {}],
    ["accepted and mailed, the API not told yet: nothing", accepted, { isWhispered: yes, isMailed: yes }, {}],
    ["another desktop's, and mailed: nothing", { ...held, heldBy: "them" }, { isWhispered: yes, isMailed: yes }, {}],
    ["another desktop's, asked: wait", { ...held, heldBy: "them" }, { isWhispered: yes, isUncertain: yes }, {}],
  ])("%s", (_, changed, facts, expected) => {
    expect(plan([payout(changed)], facts)).toEqual(expected);
  });
});

describe("what was injected and is not ours any more", () => {
  const others = [payout({ ...held, id: "b" })];

  it("is withdrawn before anything else is named", () => {
    expect(plan(others, { isWhispered: yes, injected: ["a"] })).toEqual({ withdraw: ["a"] });
  });

  it("is withdrawn when it was unlocked", () => {
    expect(plan([payout(accepted)], { isWhispered: yes, injected: ["a"] })).toMatchObject({ withdraw: ["a"] });
  });

  it("is withdrawn when the streamer told what became of it, though it is ours", () => {
    const facts = { isWhispered: yes, injected: ["a"], isRecalled: yes, isMailed: yes };
    expect(plan([payout(held)], facts)).toEqual({ withdraw: ["a"] });
  });

  it("is done when its mail left", () => {
    const facts = { isWhispered: yes, injected: ["a"], isMailed: (id: string) => id === "a" };
    expect(plan(others, facts)).toEqual({ done: ["a"], name: ["b"] });
  });
});

describe("what was injected into a game that died with its log unwritten", () => {
  const doubted = { isWhispered: yes, injected: ["a"], isInDoubt: yes };

  it("is not named, and asked about once the addon has had time to repeat itself", () => {
    expect(plan([payout(held)], { ...doubted, hasRepeated: false })).toEqual({});
    expect(plan([payout(held)], doubted)).toEqual({ unflushed: ["a"] });
    expect(plan([payout(held)], { ...doubted, isUncertain: yes })).toEqual({});
    expect(plan([payout(held)], { ...doubted, isMailed: yes })).toEqual({});
  });

  it("is not synced, and withdrawn, when it was unlocked meanwhile", () => {
    expect(plan([payout(accepted)], doubted)).toEqual({ withdraw: ["a"], unflushed: ["a"] });
  });

  it("is asked about when it is a gift, which is withdrawn only by the streamer's word", () => {
    expect(plan([], { ...doubted, isOwedGift: yes })).toEqual({ unflushed: ["a"] });
    const recalled = { isWhispered: yes, injected: ["a"], isOwedGift: yes, isRecalled: yes, isMailed: yes };
    expect(plan([payout({ ...held, id: "b" })], { ...recalled, isMailed: (id: string) => id === "a" })).toEqual({
      withdraw: ["a"],
    });
  });
});

describe("a version", () => {
  it.each([
    ["1.0.0", "1.0.0", true],
    ["1.10", "1.9.9", true],
    ["v2", "1.9.9", true],
    ["1.0.0-beta.2", "1.0.0", true],
    ["0.9.9", "1.0", false],
    ["latest", "0.0.1", false],
  ])("%s against %s", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});
