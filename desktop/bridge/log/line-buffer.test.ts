import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BufferedLine, LineBuffer } from "./line-buffer.ts";

const START = { offset: 0, beginningSeen: true };

/** The lines of the same bytes pushed in chunks of `size`. */
function lines(bytes: Uint8Array | string, size = 1, start = START): BufferedLine[] {
  const buffer = new LineBuffer(start);
  const all = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  const found: BufferedLine[] = [];
  for (let at = 0; at < all.length; at += size) found.push(...buffer.push(all.subarray(at, at + size)));
  expect(buffer.nextOffset).toBe(start.offset + all.length);
  return found;
}

const texts = (found: readonly BufferedLine[]) => found.map(({ text }) => text);
const seen = (found: readonly BufferedLine[]) => found.map(({ beginningSeen }) => beginningSeen);

describe("bytes one by one", () => {
  it("become lines, with CRLF or LF, and the offset after each", () => {
    expect(lines("one\r\ntwo\n\r\nthree")).toEqual([
      { text: "one", beginningSeen: true, endOffset: 5 },
      { text: "two", beginningSeen: true, endOffset: 9 },
      { text: "", beginningSeen: true, endOffset: 11 },
    ]);
  });

  it("take one carriage return off the end and none out of the middle", () => {
    expect(texts(lines("a\rb\r\r\n"))).toEqual(["a\rb\r"]);
  });

  it("are decoded by whole lines, so that no letter is cut in two", () => {
    expect(texts(lines("Норинн шепчет: €𝄞\r\n"))).toEqual(["Норинн шепчет: €𝄞"]);
  });

  it("replace what is no UTF-8 and go on", () => {
    expect(texts(lines(Buffer.from([0x61, 0xd0, 0x0a, 0x62, 0x0a])))).toEqual(["a\ufffd", "b"]);
  });

  it("keep a byte order mark: a line that has one does not begin with its timestamp", () => {
    expect(texts(lines("\ufeffa\n"))).toEqual(["\ufeffa"]);
  });
});

describe("the beginning of a line", () => {
  it("is not seen when reading starts in the middle, and seen after the next line end", () => {
    expect(seen(lines("rest\nwhole\n", 1, { offset: 100, beginningSeen: false }))).toEqual([false, true]);
  });

  it("is not seen after zero bytes, wherever they stand", () => {
    for (const size of [1, 3, 1_000]) {
      const found = lines("a\n\0\0\0b\nc\nd\0\0e\nf\n\0\ng\n", size);
      expect(texts(found)).toEqual(["a", "b", "c", "de", "f", "", "g"]);
      expect(seen(found)).toEqual([true, false, true, false, true, false, true]);
    }
  });
});

describe("memory", () => {
  it("is its own: what is half a line stays as it was when the caller reads over its bytes", () => {
    const buffer = new LineBuffer(START);
    const chunk = Buffer.from("the beginning, ");
    buffer.push(chunk);
    chunk.fill("x");
    expect(texts(buffer.push(Buffer.from("the end\n")))).toEqual(["the beginning, the end"]);
  });

  it("holds no line that is too long, and the line after it is whole", () => {
    const found = lines(`a\n${"x".repeat(200_000)}\nb\n`, 4_096);
    expect(texts(found)).toEqual(["a", "b"]);
    expect(seen(found)).toEqual([true, true]);
    expect(found[1]?.endOffset).toBe(200_005);
  });

  it("lets the place to go on from pass a line that is too long", () => {
    const buffer = new LineBuffer(START);
    expect(buffer.push(Buffer.from(`${"x".repeat(70_000)}\nhalf`))).toEqual([]);
    expect(buffer.lineOffset).toBe(70_001);
    expect(buffer.nextOffset).toBe(70_005);
  });

  it("passes over millions of zero bytes", () => {
    const buffer = new LineBuffer(START);
    const zeros = new Uint8Array(1_048_576);
    for (let times = 0; times < 100; times += 1) expect(buffer.push(zeros)).toEqual([]);
    expect(buffer.push(Buffer.from("half\nwhole\n"))).toMatchObject([
      { text: "half", beginningSeen: false },
      { text: "whole", beginningSeen: true },
    ]);
  });
});

describe("however the bytes are cut", () => {
  it("the lines are the same", () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x0a, 0x0d, 0xd0, 0x9d, 0xf0), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        const all = Uint8Array.from(bytes);
        expect(lines(all, size)).toEqual(lines(all, Math.max(1, all.length)));
      }),
    );
  });
});
