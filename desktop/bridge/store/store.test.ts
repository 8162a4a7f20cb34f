import { cp, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drop, ONLY, put, Store, StoreInUseError } from "./store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-store-"));
});
afterEach(() => rm(folder, { recursive: true }));

const POSITION = { offset: 42, fingerprint: "f".repeat(64) };

describe("the store", () => {
  it("remembers what was committed, and shows it at once", async () => {
    const store = await Store.open(join(folder, "a"));
    const done = store.commit([
      put("position", ONLY, POSITION),
      put("payout", "one", { characterName: "Норинн", at: 1 }),
      put("payout", "two", { characterName: "Bob", at: 2 }),
    ]);
    expect(store.get("position", ONLY)).toEqual(POSITION);
    await done;
    await store.commit([drop("payout", "two")]);
    await store.close();
    const again = await Store.open(join(folder, "a"));
    expect(again.get("position", ONLY)).toEqual(POSITION);
    expect([...again.all("payout")]).toEqual([["one", { characterName: "Норинн", at: 1 }]]);
    await again.close();
  });

  it("writes commits in the order in which they were made", async () => {
    const store = await Store.open(folder);
    const writes = Array.from({ length: 200 }, (_, n) => store.commit([put("counter", ONLY, { command: n, fact: n })]));
    await Promise.all(writes);
    await store.close();
    const again = await Store.open(folder);
    expect(again.get("counter", ONLY)).toEqual({ command: 199, fact: 199 });
    await again.close();
  });

  it("belongs to one bridge", async () => {
    const store = await Store.open(folder);
    await expect(Store.open(folder)).rejects.toBeInstanceOf(StoreInUseError);
    await store.close();
  });

  it("refuses everything once a write has failed, for memory and disk have parted", async () => {
    const store = await Store.open(folder);
    await store.close();
    await expect(store.commit([put("position", ONLY, POSITION)])).rejects.toThrow();
    await expect(store.commit([drop("position", ONLY)])).rejects.toThrow();
  });
});

describe("a commit cut off at any byte", () => {
  it("is there whole or not at all, and what was before it stays", async () => {
    const source = join(folder, "source");
    const store = await Store.open(source);
    await store.commit([put("position", ONLY, POSITION), put("told", "a", { at: 1 })]);
    const log = await logFile(source);
    const before = (await stat(log)).size;
    await store.commit([
      put("position", ONLY, { ...POSITION, offset: 99 }),
      drop("told", "a"),
      put("told", "b", { at: 2 }),
    ]);
    // Copied as a kill -9 leaves it: not closed.
    const after = (await stat(log)).size;
    const copies = join(folder, "copy");
    let whole = 0;
    for (let size = before; size <= after; size += 1) {
      await cp(source, copies, { recursive: true, filter: (path) => !path.endsWith("LOCK") });
      await truncate(await logFile(copies), size);
      const cut = await Store.open(copies);
      const offset = cut.get("position", ONLY)?.offset;
      expect(offset === 99 ? ["b"] : ["a"]).toEqual([...cut.all("told").keys()]);
      expect([42, 99]).toContain(offset);
      if (offset === 99) whole += 1;
      await cut.close();
      await rm(copies, { recursive: true });
    }
    expect(after - before).toBeGreaterThan(100);
    expect(whole).toBe(1);
    await store.close();
  });
});

/** The file that LevelDB appends commits to. */
async function logFile(folder: string): Promise<string> {
  const [name = ""] = (await readdir(folder)).filter((one) => /^\d+\.log$/.test(one));
  return join(folder, name);
}
