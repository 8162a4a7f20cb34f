import { expect, it } from "vitest";
import { CODES } from "../checker/codes.ts";
import { PLANTED_FAULTS } from "./all.ts";

it("plants everything that the checker can find", () => {
  const planted = new Set(PLANTED_FAULTS.map(({ finds }) => finds));
  expect(CODES.filter((code) => !planted.has(code))).toEqual([]);
});
