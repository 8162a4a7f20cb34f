import { expect, it } from "vitest";
import { forEachAtOnce } from "./for-each-at-once.ts";
import { whileWanted } from "./while-wanted.ts";

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) yield number;
}

it("goes through all that there is", async () => {
  const seen: number[] = [];
  const { signal } = new AbortController();
  await forEachAtOnce(whileWanted(numbers(100), signal), async (number) => void seen.push(number));
  expect(seen.sort((one, other) => one - other)).toEqual(Array.from({ length: 100 }, (_, number) => number));
});

it("begins nothing any more when the work is not wanted, however many are at it", async () => {
  const seen: number[] = [];
  const controller = new AbortController();
  const reason = new Error("given up");
  const work = forEachAtOnce(whileWanted(numbers(1_000), controller.signal), async (number) => {
    seen.push(number);
    await new Promise((resolve) => setImmediate(resolve));
    if (number === 50) controller.abort(reason);
  });
  await expect(work).rejects.toBe(reason);
  expect(seen.length).toBeLessThan(100);
});
