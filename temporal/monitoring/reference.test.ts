import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { metricsReference, REFERENCE_FILE } from "./reference.ts";

it("the page of all metrics is what the metrics say of themselves; `npm run metrics-reference` writes it anew", () => {
  expect(readFileSync(REFERENCE_FILE, "utf8")).toBe(metricsReference());
});
