import { expect, it } from "vitest";
import { gather } from "./gather.ts";

interface Item {
  readonly name: string;
  readonly keys?: readonly string[];
}

/** Work that ends when the test says so. */
function controlled(options: { lots: number; most: number }) {
  const begun: { names: string[]; end(results?: readonly PromiseSettledResult<string>[]): void; fail(): void }[] = [];
  const done = gather<Item, string>(
    (items) =>
      new Promise((resolve, reject) => {
        const names = items.map(({ name }) => name);
        const usual = names.map((value) => ({ status: "fulfilled" as const, value }));
        begun.push({ names, end: (results = usual) => resolve(results), fail: () => reject(new Error("planted")) });
      }),
    { ...options, keysOf: ({ name, keys = [name] }) => keys },
  );
  return { done, begun, lots: () => begun.map(({ names }) => names) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("begins at once with whoever comes first, and lets the others go together", async () => {
  const { done, begun, lots } = controlled({ lots: 1, most: 10 });
  const answers = ["a", "b", "c"].map((name) => done({ name }));
  expect(lots()).toEqual([["a"]]);
  begun[0]?.end();
  expect(await answers[0]).toBe("a");
  await turn();
  expect(lots()).toEqual([["a"], ["b", "c"]]);
  begun[1]?.end();
  expect(await Promise.all(answers)).toEqual(["a", "b", "c"]);
});

it("works on so many lots, of so many items, and no more", async () => {
  const { done, begun, lots } = controlled({ lots: 2, most: 2 });
  const answers = ["a", "b", "c", "d", "e"].map((name) => done({ name }));
  expect(lots()).toEqual([["a"], ["b"]]);
  begun[1]?.end();
  await turn();
  expect(lots()).toEqual([["a"], ["b"], ["c", "d"]]);
  begun[0]?.end();
  await turn();
  expect(lots().at(-1)).toEqual(["e"]);
  for (const one of begun) one.end();
  expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d", "e"]);
});

it("keeps apart, and in order, what shares a key", async () => {
  const { done, begun, lots } = controlled({ lots: 1, most: 10 });
  const answers = [
    done({ name: "first" }),
    done({ name: "one", keys: ["x"] }),
    done({ name: "two", keys: ["x", "y"] }),
    done({ name: "three", keys: ["y"] }),
    done({ name: "other", keys: ["z"] }),
  ];
  for (let place = 0; place < 4; place++) {
    begun[place]?.end();
    await turn();
  }
  expect(lots()).toEqual([["first"], ["one", "other"], ["two"], ["three"]]);
  await Promise.all(answers);
});

it("tells each its own end, all of a lot that failed, and goes on", async () => {
  const { done, begun } = controlled({ lots: 1, most: 10 });
  const ends = Promise.allSettled(["a", "b", "c"].map((name) => done({ name })));
  begun[0]?.fail();
  await turn();
  begun[1]?.end([
    { status: "rejected", reason: new Error("b's own") },
    { status: "fulfilled", value: "c" },
  ]);
  const after = done({ name: "d" });
  await turn();
  begun[2]?.end();
  expect(await after).toBe("d");
  expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
