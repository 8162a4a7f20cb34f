import { appendFile, mkdir, mkdtemp, open, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../test/fake-clock.ts";
import { LOG_BEGINNING, type LogPosition } from "./log-position.ts";
import type { LogChunk, LogReset } from "./log-reader.ts";
import { followLog, type LogTail } from "./log-tail.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mgm-tail-"));
  path = join(folder, "Logs", "WoWChatLog.txt");
});
afterEach(async () => {
  await Promise.all(tails.splice(0).map((tail) => tail.stop()));
  await rm(folder, { recursive: true });
});

const tails: LogTail[] = [];

/** What a tail handed over. */
class Seen {
  position: LogPosition;
  readonly texts: string[] = [];
  readonly unseen: string[] = [];
  readonly resets: LogReset[] = [];
  readonly faults: unknown[] = [];
  /** Fails the next chunk, as a full disk would. */
  failNext = false;
  onTake: () => void = () => undefined;

  constructor(position: LogPosition) {
    this.position = position;
  }

  take = async (chunk: LogChunk): Promise<void> => {
    if (this.failNext) {
      this.failNext = false;
      throw new Error("the disk is full");
    }
    for (const { text, beginningSeen } of chunk.lines) (beginningSeen ? this.texts : this.unseen).push(text);
    if (chunk.reset !== null) this.resets.push(chunk.reset);
    this.position = chunk.position;
    this.onTake();
  };
}

function follow(position = LOG_BEGINNING): { seen: Seen; tail: LogTail } {
  const seen = new Seen(position);
  const onFault = (fault: unknown) => seen.faults.push(fault);
  // Its poll never comes: only looks that a test asks for, and chokidar's.
  const tail = followLog({ path, position, take: seen.take, onFault, clock: new FakeClock() });
  tails.push(tail);
  return { seen, tail };
}

async function write(text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

describe("a log", () => {
  it("may be absent, and is read from its beginning when it appears", async () => {
    const { seen, tail } = follow();
    await tail.look();
    expect(tail.isPresent).toBe(false);
    await write("one\r\ntwo\r\n");
    await tail.look();
    expect(seen.texts).toEqual(["one", "two"]);
    expect(tail.isPresent).toBe(true);
    expect(seen.faults).toEqual([]);
  });

  it("is read without being asked when its folder changes", async () => {
    await write("one\n");
    const { seen, tail } = follow();
    await tail.look();
    const woken = new Promise<void>((resolve) => {
      seen.onTake = () => seen.texts.includes("two") && resolve();
    });
    // The watcher may not be ready yet; what it misses the poll would find.
    const writing = setInterval(() => void appendFile(path, "two\n"), 100);
    await woken;
    clearInterval(writing);
    expect(seen.texts.slice(0, 2)).toEqual(["one", "two"]);
  });

  it("gives half a line only when it is whole, letters included", async () => {
    await write("one\nпри");
    const { seen, tail } = follow();
    for (const byte of Buffer.from("вет\r\nthree\n")) {
      await appendFile(path, Buffer.from([byte]));
      await tail.look();
    }
    expect(seen.texts).toEqual(["one", "привет", "three"]);
    expect(seen.resets).toEqual([]);
  });

  it("goes on at the stored position, with nothing twice", async () => {
    await write("one\ntwo\nhal");
    const first = follow();
    await first.tail.look();
    await first.tail.stop();
    await appendFile(path, "f\nfour\n");
    const { seen, tail } = follow(first.seen.position);
    await tail.look();
    expect(seen.texts).toEqual(["half", "four"]);
    expect(seen.resets).toEqual([]);
  });

  it("is handed over again when its consequences could not be stored", async () => {
    await write("one\n");
    const { seen, tail } = follow();
    seen.failNext = true;
    await tail.look();
    await tail.look();
    expect(seen.texts).toEqual(["one"]);
    expect(seen.faults).toHaveLength(1);
  });
});

describe("another log in its place", () => {
  it("that is shorter is read from its beginning", async () => {
    await write("one\ntwo\n");
    const { seen, tail } = follow();
    await tail.look();
    await write("new\n");
    await tail.look();
    expect(seen.texts).toEqual(["one", "two", "new"]);
    expect(seen.resets).toEqual(["truncated"]);
  });

  it("that is longer is known by its bytes", async () => {
    await write("one\ntwo\n");
    const { seen, tail } = follow();
    await tail.look();
    const other = join(folder, "other.txt");
    await writeFile(other, "first\nsecond\nthird\n");
    await rename(other, path);
    await tail.look();
    expect(seen.texts).toEqual(["one", "two", "first", "second", "third"]);
    expect(seen.resets).toEqual(["replaced"]);
  });

  it("after a rotation is read from its beginning, also when nobody looked meanwhile", async () => {
    await write("one\n");
    const { seen, tail } = follow();
    await tail.look();
    await rename(path, `${path}.old`);
    await tail.look();
    expect(tail.isPresent).toBe(false);
    await write("ten\neleven\n");
    await tail.look();
    expect(seen.texts).toEqual(["one", "ten", "eleven"]);
    expect(seen.resets).toEqual(["replaced"]);
  });

  it("is noticed at the start of a bridge, too", async () => {
    await write("one\ntwo\n");
    const before = follow();
    await before.tail.look();
    await before.tail.stop();
    await write("a log of another game folder\n");
    const { seen, tail } = follow(before.seen.position);
    await tail.look();
    expect(seen.texts).toEqual(["a log of another game folder"]);
    expect(seen.resets).toEqual(["replaced"]);
  });

  it("that goes on behind zero bytes gives no line whose beginning was not seen", async () => {
    await write("one\ntwo\n");
    const { seen, tail } = follow();
    await tail.look();
    const { size } = await stat(path);
    // The client's handle keeps its place; the file system fills up to it.
    const client = await open(path, "r+");
    await truncate(path, 0);
    await client.write(Buffer.from("rest of a line\nthree\n"), 0, 21, size);
    await client.close();
    await tail.look();
    expect(seen.texts).toEqual(["one", "two", "three"]);
    expect(seen.unseen).toEqual(["rest of a line"]);
    expect(seen.resets).toEqual(["replaced"]);
  });

  it("that is empty is news as well", async () => {
    await write("one\n");
    const { seen, tail } = follow();
    await tail.look();
    await truncate(path, 0);
    await tail.look();
    expect(seen.resets).toEqual(["truncated"]);
    expect(seen.position).toEqual(LOG_BEGINNING);
  });
});

describe("a log of 100 MB", () => {
  it("is read in chunks, each stored before the next", async () => {
    const line = `4/4 12:00:00.000  Somebody says: ${"x".repeat(80)}\r\n`;
    const block = line.repeat(9_000);
    await write("");
    const file = await open(path, "a");
    for (let blocks = 0; blocks < 104; blocks += 1) await file.write(block);
    await file.close();
    let lines = 0;
    let broken = 0;
    let longest = 0;
    const tail = followLog({
      path,
      position: LOG_BEGINNING,
      clock: new FakeClock(),
      onFault: (fault) => {
        throw fault;
      },
      take: async (chunk) => {
        lines += chunk.lines.length;
        for (const { text } of chunk.lines) if (`${text}\r\n` !== line) broken += 1;
        longest = Math.max(longest, chunk.lines.length);
      },
    });
    tails.push(tail);
    await tail.look();
    expect((await stat(path)).size).toBeGreaterThan(100_000_000);
    expect(lines).toBe(9_000 * 104);
    expect(broken).toBe(0);
    expect(longest).toBeLessThan(3_000);
  });
});
