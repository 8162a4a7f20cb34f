import { expect, it } from "vitest";
import { FewAtOnce } from "./few-at-once.ts";

it("lets a few run, and the others in their order, whether those before succeed or fail", async () => {
  const few = new FewAtOnce(2);
  const begun: number[] = [];
  const ends = new Map<number, (failed: boolean) => void>();
  const work = (number: number): Promise<number> =>
    few.run(() => {
      begun.push(number);
      return new Promise((resolve, reject) => {
        ends.set(number, (failed) => (failed ? reject(new Error("planted")) : resolve(number)));
      });
    });
  const works = [0, 1, 2, 3].map(work);
  const results = Promise.allSettled(works);
  expect(begun).toEqual([0, 1]);
  ends.get(1)?.(true);
  await works[1]?.catch(() => undefined);
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  ends.get(0)?.(false);
  await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
  ends.get(2)?.(false);
  ends.get(3)?.(false);
  expect((await results).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  const again = work(4);
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4]);
  ends.get(4)?.(false);
  expect(await again).toBe(4);
});
