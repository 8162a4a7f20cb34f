import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUtf8, DRAW_ALGORITHM, drawIndex, drawListText, type HmacSha256, wheelNames } from "./draw.ts";
import { readVectors } from "./golden/vectors.ts";
import { spinCycleId } from "./spin-cycle.ts";

const hmacSha256: HmacSha256 = (key, text) => createHmac("sha256", key).update(text).digest();
const sha1 = (bytes: Uint8Array) => createHash("sha1").update(bytes).digest();
const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const hashOf = (names: readonly string[]) => sha256Hex(drawListText([...names].sort(compareUtf8)));

const vectors = readVectors(readFileSync(new URL("golden/draws.tsv", import.meta.url), "utf8"));

/** The rule of the golden file for lists that are too long to be written out. */
function namesByRule(count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const [first, zero] = number % 2 === 0 ? ["M", "a"] : ["М", "а"];
    const digits = [26 ** 3, 26 ** 2, 26, 1].map((power) => Math.floor(number / power) % 26);
    return first + digits.map((digit) => String.fromCodePoint((zero?.codePointAt(0) ?? 0) + digit)).join("");
  });
}

/** An HMAC that answers with these numbers as its first eight bytes, one after another. */
function scripted(...numbers: bigint[]): { hmac: HmacSha256; texts: string[] } {
  const texts: string[] = [];
  const hmac: HmacSha256 = (_, text) => {
    texts.push(text);
    const digest = Buffer.alloc(32, 0xff);
    digest.writeBigUInt64BE(numbers[texts.length - 1] ?? 0n);
    return digest;
  };
  return { hmac, texts };
}

describe("a draw", () => {
  it("has the name that is stored with it", () => {
    expect(DRAW_ALGORITHM).toBe("mgm-draw-1");
    expect(vectors.length).toBeGreaterThan(16);
  });

  it.each(vectors)("is golden line $line", ({ columns }) => {
    const [given = "", count = "", cycleId = "", entropy = "", listHash = "", index = ""] = columns;
    const entrants = Number(count);
    if (given !== "-") {
      const names = given === "rule" ? namesByRule(entrants) : given.split(",");
      expect(names).toHaveLength(entrants);
      expect(hashOf(names)).toBe(listHash);
    }
    const input = { spinCycleId: cycleId, listHash, entropy: Buffer.from(entropy, "hex"), entrants };
    expect(drawIndex(input, hmacSha256)).toBe(Number(index));
  });

  it("picks ten entrants equally often over 100,000 cycles (chi-square, df 9, 0.1 %)", () => {
    const [entropy, listHash] = [new Uint8Array(32).fill(7), hashOf(namesByRule(10))];
    const counts = Array<number>(10).fill(0);
    for (let cycle = 0; cycle < 100_000; cycle += 1) {
      const id = spinCycleId("44322889", cycle * 300_000, sha1);
      const index = drawIndex({ spinCycleId: id, listHash, entropy, entrants: 10 }, hmacSha256);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(counts).toHaveLength(10);
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThanOrEqual(27.88);
  });
});

describe("drawIndex", () => {
  const input = { spinCycleId: "id", listHash: "hash", entropy: new Uint8Array(32), entrants: 10 };
  const incompleteFrom = 2n ** 64n - (2n ** 64n % 10n);

  it("takes the last number of the last complete run", () => {
    const { hmac, texts } = scripted(incompleteFrom - 1n, 3n);
    expect(drawIndex(input, hmac)).toBe(9);
    expect(texts).toEqual(["mgm-draw-1\nid\nhash\n0"]);
  });

  it("rejects what lies behind it and asks with the next k", () => {
    const { hmac, texts } = scripted(incompleteFrom, 2n ** 64n - 1n, 13n);
    expect(drawIndex(input, hmac)).toBe(3);
    expect(texts).toEqual(["mgm-draw-1\nid\nhash\n0", "mgm-draw-1\nid\nhash\n1", "mgm-draw-1\nid\nhash\n2"]);
  });

  it("rejects nothing where the runs come out even", () => {
    const { hmac, texts } = scripted(2n ** 64n - 1n);
    expect(drawIndex({ ...input, entrants: 16 }, hmac)).toBe(15);
    expect(texts).toHaveLength(1);
  });

  it("needs an entrant", () => {
    expect(() => drawIndex({ ...input, entrants: 0 }, hmacSha256)).toThrow(RangeError);
  });

  it("stays within the list and is the same when computed again", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(), (id, entropy, more) => {
        const draw = { spinCycleId: id, listHash: sha256Hex(id), entropy, entrants: more + 1 };
        const index = drawIndex(draw, hmacSha256);
        expect(index >= 0 && index <= more).toBe(true);
        expect(drawIndex(draw, hmacSha256)).toBe(index);
      }),
    );
  });
});

describe("compareUtf8", () => {
  it.each([
    ["equal names", "Norinn", "Norinn", 0],
    ["a name and its beginning", "Nor", "Norinn", -1],
    ["nothing and something", "", "A", -1],
    ["Latin and Cyrillic", "Zul", "Абв", -1],
    ["Ё and А", "Ёжик", "Абв", -1],
    ["я and ё", "яб", "ёб", -1],
    ["Z and an accented letter", "Zz", "Él", -1],
    ["the end of the BMP and an astral letter", "\uff5e", "\u{10000}", -1],
    ["a private BMP letter and an emoji", "a\ue000", "a\u{1f600}", -1],
    ["two astral letters", "\u{1f600}", "\u{1f601}", -1],
  ])("orders %s", (_, a, b, expected) => {
    expect(Math.sign(compareUtf8(a, b))).toBe(expected);
    expect(Math.sign(compareUtf8(b, a)) + expected).toBe(0);
  });

  it("agrees with the bytes themselves", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "Ё", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}"),
    });
    for (const any of [text, fc.string({ unit: "binary" })]) {
      fc.assert(
        fc.property(any, any, (a, b) => {
          expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        }),
      );
    }
  });
});

describe("drawListText", () => {
  it("ends every name with a line feed, the last one too", () => {
    expect(drawListText(["Arthas", "Норинн"])).toBe("Arthas\nНоринн\n");
    expect(drawListText([])).toBe("");
  });
});

describe("wheelNames", () => {
  it("shows everybody while all fit", () => {
    const names = namesByRule(24);
    for (const candidate of names.keys()) expect(wheelNames(names, candidate)).toEqual(names);
  });

  it("shows nobody where nobody is", () => {
    expect(wheelNames([], 0)).toEqual([]);
  });

  it("shows 24 different names in list order, the candidate among them", () => {
    const drawn = fc.integer({ min: 1, max: 400 }).chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)));
    fc.assert(
      fc.property(drawn, ([count, candidate]) => {
        const names = namesByRule(count);
        const wheel = wheelNames(names, candidate);
        expect(wheel).toHaveLength(Math.min(count, 24));
        expect(wheel).toContain(names[candidate]);
        const places = wheel.map((name) => names.indexOf(name));
        expect(places.every((place, i) => place > (places[i - 1] ?? -1))).toBe(true);
      }),
    );
  });

  it("has room for any candidate of a list that is one too long", () => {
    const names = namesByRule(25);
    for (const [candidate, name] of names.entries()) {
      expect(new Set(wheelNames(names, candidate)).size).toBe(24);
      expect(wheelNames(names, candidate)).toContain(name);
    }
  });
});
