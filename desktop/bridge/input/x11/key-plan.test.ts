import { describe, expect, it } from "vitest";
import { type KeyMapping, planKeys } from "./key-plan.ts";

const FIRST_CODE = 8;
const of = (character: string) => character.charCodeAt(0);
const CYRILLIC_SHORT_I = 0x6ca;

/** Keys by code; each lists what it gives, layout by layout. */
function mapping(keys: Readonly<Record<number, readonly number[]>>): KeyMapping {
  return Array.from({ length: 248 }, (_, index) => keys[index + FIRST_CODE] ?? []);
}

describe("keys of X", () => {
  it("are those that a person would press, not those that exist on paper", () => {
    const keys = mapping({ 18: [of("9"), of("(")], 187: [of("("), 0] });
    expect(planKeys(keys, FIRST_CODE, "9(")).toEqual({
      layout: 0,
      keys: new Map([
        ["9", { code: 18, isShifted: false, name: "9" }],
        ["(", { code: 18, isShifted: true, name: "9" }],
      ]),
    });
  });

  it("give capitals with Shift, also where only the small letter is listed", () => {
    const plan = planKeys(mapping({ 24: [of("q"), 0] }), FIRST_CODE, "Qq");
    expect(plan?.keys.get("Q")).toMatchObject({ code: 24, isShifted: true });
    expect(plan?.keys.get("q")).toMatchObject({ code: 24, isShifted: false });
  });

  it("are all of one layout: the second, where the first lacks the letters", () => {
    const keys = mapping({
      24: [CYRILLIC_SHORT_I, CYRILLIC_SHORT_I - 0x20, of("q"), of("Q")],
      61: [of("."), of(","), of("/"), of("?")],
    });
    const plan = planKeys(keys, FIRST_CODE, "/q");
    expect(plan?.layout).toBe(1);
    // What robotjs would look up to press the key is what the key gives in the first layout.
    expect(plan?.keys.get("/")).toEqual({ code: 61, isShifted: false, name: expect.stringMatching(/^[.,/?]$/) });
  });

  it("without a name for robotjs have none", () => {
    const keys = mapping({
      13: [of("4"), of(";"), of("4"), of("$")],
      47: [CYRILLIC_SHORT_I, 0, of(";"), of(":")],
      48: [of(":"), 0, of("a"), 0],
    });
    expect(planKeys(keys, FIRST_CODE, ";a")?.keys.get(";")).toEqual({ code: 47, isShifted: false, name: null });
  });

  it("are none where a letter is nowhere", () => {
    expect(planKeys(mapping({ 24: [CYRILLIC_SHORT_I, 0] }), FIRST_CODE, "q")).toBeNull();
  });
});
