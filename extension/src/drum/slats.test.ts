import { describe, expect, it } from "vitest";
import { drawnSlats, drumShape, seenSlats, slatHeight } from "./slats.ts";

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

describe("slats on the drum", () => {
  it.each([
    [170, 7],
    [96, 5],
  ])("of %d pixels: %d are seen, and one more comes while another goes", (height, seen) => {
    expect(drawnSlats(drumShape(height))).toBe(seen + 1);
  });

  it("stand around the middle one, smaller and fainter to the edges, without a gap", () => {
    const shape = drumShape(170);
    const slats = seenSlats(NAMES, 3, shape);
    const middle = slats.findIndex(({ name }) => name === "d");
    expect(slats[middle]).toMatchObject({ y: 0, squeeze: 1, opacity: 1 });
    const below = slats.slice(middle);
    for (const [i, slat] of below.entries()) {
      const above = below[i - 1];
      if (above === undefined) continue;
      expect(slat.squeeze).toBeLessThan(above.squeeze);
      const gap = slat.y - above.y - (slatHeight(shape) * (slat.squeeze + above.squeeze)) / 2;
      expect(Math.abs(gap)).toBeLessThan(2);
    }
  });

  it("go round in both directions", () => {
    const names = (position: number) => seenSlats(NAMES, position, drumShape(96)).map(({ name }) => name);
    expect(names(0)).toEqual(names(9));
    expect(names(-1)).toEqual(names(8));
    expect(names(-1)[2]).toBe("i");
  });
});
