import { expect, it } from "vitest";
import { readExample } from "./settings.ts";

const meaningOf = (...lines: string[]): string | undefined => readExample(lines.join("\n"))[0]?.meaning;

it("takes a setting's meaning from all lines above it, but leaves JSON out", () => {
  expect(meaningOf('# "production" says more', "# than one line.", "#NODE_ENV=development")).toBe(
    '"production" says more than one line.',
  );
  expect(meaningOf("# As JSON:", '# {"wheelMs":1,', '#  "graceMs":2}', "# Or not.", "#TIMINGS={}")).toBe(
    "As JSON: [times](numbers.md#times). Or not.",
  );
});

it("fails over a setting that nothing is said about", () => {
  expect(() => meaningOf("# --- Section -----", "", "#LOG_LEVEL=info")).toThrow();
});
