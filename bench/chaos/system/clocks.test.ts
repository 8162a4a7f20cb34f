import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Clocks } from "./clocks.ts";

const run = promisify(execFile);
const DAY_MS = 24 * 3_600_000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-clocks-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What a process with that clock makes of an expression. */
async function evaluate(clocks: Clocks, expression: string): Promise<string> {
  const environment = { PATH: process.env.PATH, ...clocks.environmentOf("bridge") };
  return (await run(process.execPath, ["-p", expression], { env: environment })).stdout.trim();
}

it.each(["Date.now()", "+new Date()", "Date.parse(Date())"])("sets what %s tells", async (expression) => {
  const clocks = new Clocks(folder);
  const right = Number(await evaluate(clocks, expression));
  clocks.set("bridge", -DAY_MS);
  const set = Number(await evaluate(clocks, expression));
  expect(Math.round((set - right) / DAY_MS)).toBe(-1);
});

it("leaves times alone that are not now, and dates what they are", async () => {
  const clocks = new Clocks(folder);
  clocks.set("bridge", DAY_MS);
  expect(await evaluate(clocks, "new Date(0).toISOString()")).toBe("1970-01-01T00:00:00.000Z");
  expect(await evaluate(clocks, "new Date() instanceof Date")).toBe("true");
  expect(await evaluate(clocks, "new (class Later extends Date {})(5).getTime()")).toBe("5");
});
