import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadResult } from "./plan.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Runs a plan in the load process. Fails unless every request was answered with one of the `expected` statuses. */
export async function runLoad(plan: LoadPlan, expected: readonly number[] = [200]): Promise<LoadResult> {
  const result = await runScript<LoadResult>(MAIN, plan);
  const foreign = Object.keys(result.statuses).filter((status) => !expected.includes(Number(status)));
  if (foreign.length > 0) throw new Error(`answers that were not expected: ${JSON.stringify(result.statuses)}`);
  return result;
}

/** Runs a script that takes one JSON value and gives another. */
export async function runScript<Result>(script: string, plan: unknown): Promise<Result> {
  const child = spawn(process.execPath, ["--import", "tsx", script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(plan));
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(printed) as Result;
}
