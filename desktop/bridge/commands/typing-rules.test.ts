import { describe, expect, it } from "vitest";
import { type TypingConditions, typingBan, typingOrder } from "./typing-rules.ts";

const NOW = 1_000_000;
const FINE: TypingConditions = {
  lease: { isActive: true, beatAt: NOW },
  isWorldShown: true,
  addon: { isNewEnough: true },
};
const KINDS = ["withdraw", "hello_by_hand", "hello", "update_status", "other"] as const;
const bans = (conditions: Partial<TypingConditions>, now = NOW) =>
  KINDS.map((kind) => typingBan(kind, { ...FINE, ...conditions }, now));

describe("what may be typed", () => {
  it.each([
    ["everything, when all is well", {}, [null, null, null, null, null]],
    [
      "only what the streamer clicked, while no world is shown",
      { isWorldShown: false },
      ["no_world", null, "no_world", "no_world", "no_world"],
    ],
    [
      "withdrawals alone, for a desktop that is not active",
      { lease: { isActive: false, beatAt: NOW } },
      [null, "not_active", "not_active", "not_active", "not_active"],
    ],
    [
      "withdrawals alone, before the first beat was answered",
      { lease: null },
      [null, "not_active", "not_active", "not_active", "not_active"],
    ],
    [
      "withdrawals alone, by a desktop that is too old",
      { isDesktopTooOld: true },
      [null, "desktop_too_old", "desktop_too_old", "desktop_too_old", "desktop_too_old"],
    ],
    ["nothing that acts, before the hello was answered", { addon: null }, [null, null, null, null, "no_hello"]],
    [
      "nothing that acts, by an addon that is too old",
      { addon: { isNewEnough: false } },
      [null, null, null, null, "addon_too_old"],
    ],
  ] as const)("is %s", (_, conditions, expected) => {
    expect(bans(conditions)).toEqual(expected);
  });

  it("rests on a beat of at most a minute", () => {
    expect(bans({}, NOW + 60_000)[4]).toBeNull();
    expect(bans({}, NOW + 60_001)[4]).toBe("not_active");
    // A clock that was put back says nothing about its age.
    expect(bans({}, NOW - 1)).toEqual([null, "not_active", "not_active", "not_active", "not_active"]);
  });
});

describe("the order", () => {
  it("is hello, withdrawals, then as asked for", () => {
    const asked = (["other", "hello", "other", "withdraw"] as const).map((kind, order) => ({ kind, order }));
    expect(asked.sort(typingOrder).map(({ order }) => order)).toEqual([1, 3, 0, 2]);
  });
});
