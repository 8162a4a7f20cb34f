import { describe, expect, it } from "vitest";
import { slats, target, turned } from "./drum.ts";

describe("the drum", () => {
  it("stops exactly on the drawn entry, from any list", () => {
    for (const [count, chosen] of [
      [1, 0],
      [2, 1],
      [7, 3],
      [140, 139],
    ] as const) {
      const middle = slats(count, turned(1, target(count, chosen)), 66, true).find(({ isChosen }) => isChosen);
      expect([middle?.index, middle?.y]).toEqual([chosen, 0]);
    }
  });

  it("only ever turns forward, evenly first and then ever slower", () => {
    const at = Array.from({ length: 101 }, (_, share) => turned(share / 100, 1));
    const steps = at.slice(1).map((value, index) => value - (at[index] ?? 0));
    expect([at[0], at[100]]).toEqual([0, 1]);
    expect(steps.every((step) => step > 0)).toBe(true);
    expect(steps.slice(68).every((step, index, late) => index === 0 || step < (late[index - 1] ?? 0))).toBe(true);
  });

  it("shows seven slats, smaller and paler towards the edge, and none of an empty list", () => {
    const shown = slats(20, 5, 66, false);
    expect(shown.map(({ index }) => index)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(shown[3]?.scale).toBe(1);
    expect(shown[0]?.opacity).toBeLessThan(shown[2]?.opacity ?? 0);
    expect(slats(0, 5, 66, false)).toEqual([]);
  });
});
