import { describe, expect, it } from "vitest";
import { type Steady, steady } from "./steady.ts";

const keyOf = (value: string) => value[0] ?? "";
const shownAs = (list: readonly Steady<string>[]) => list.map(({ value, isGone }) => (isGone ? `(${value})` : value));
const before = steady([], ["a1", "b1", "c1"], keyOf, false);

describe("a list under the mouse", () => {
  it("takes the wanted order while nobody points at it", () => {
    expect(shownAs(steady(before, ["c2", "x1"], keyOf, false))).toEqual(["c2", "x1"]);
  });

  it("keeps every entry in its place while it is held: news at the end, what is gone marked, values fresh", () => {
    const held = steady(before, ["x1", "c2", "a2"], keyOf, true);
    expect(shownAs(held)).toEqual(["a2", "(b1)", "c2", "x1"]);
    expect(shownAs(steady(held, ["y1", "x1", "b3", "c2"], keyOf, true))).toEqual(["(a2)", "b3", "c2", "x1", "y1"]);
  });
});
