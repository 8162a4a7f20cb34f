import { describe, expect, it } from "vitest";
import { coalesce } from "./coalesce.ts";

/** Work that ends when the test says so. */
function controlled() {
  const begun: { key: string; resolve(result: number): void; reject(error: Error): void }[] = [];
  const ask = coalesce(
    (key: string) => new Promise<number>((resolve, reject) => void begun.push({ key, resolve, reject })),
  );
  return { ask, begun };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("work that is shared", () => {
  it("begins after the question for everybody who asks while other work runs", async () => {
    const { ask, begun } = controlled();
    const first = ask("a");
    const [second, third] = [ask("a"), ask("a")];
    expect(begun).toHaveLength(1);
    begun[0]?.resolve(1);
    expect(await first).toBe(1);
    await turn();
    expect(begun).toHaveLength(2);
    const fourth = ask("a");
    begun[1]?.resolve(2);
    expect(await Promise.all([second, third])).toEqual([2, 2]);
    await turn();
    begun[2]?.resolve(3);
    expect(await fourth).toBe(3);
    expect(begun).toHaveLength(3);
  });

  it("is one's own under another key, and begins anew when all is quiet", async () => {
    const { ask, begun } = controlled();
    const answers = [ask("a"), ask("b")];
    expect(begun.map(({ key }) => key)).toEqual(["a", "b"]);
    for (const work of begun) work.resolve(1);
    await Promise.all(answers);
    void ask("a");
    expect(begun).toHaveLength(3);
  });

  it("that fails fails for those who shared it, and the next goes on", async () => {
    const { ask, begun } = controlled();
    const first = ask("a");
    const second = ask("a");
    begun[0]?.reject(new Error("planted"));
    await expect(first).rejects.toThrow();
    await turn();
    begun[1]?.resolve(2);
    expect(await second).toBe(2);
  });
});
