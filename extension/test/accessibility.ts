import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on a page that is serious or worse, as `rule: element`. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(source);
  let isDone = false;
  const running = page.evaluate("axe.run(document, { resultTypes: ['violations'] })").finally(() => {
    isDone = true;
  });
  // It waits by timers, which a stopped clock would never let pass.
  while (!isDone) await page.clock.runFor(10);
  const results = (await running) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}
