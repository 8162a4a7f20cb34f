import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PendingPayloads, takePiece, threadOfHello, threadOfPart } from "./parts.ts";
import type { PartPlace } from "./tag.ts";

interface Piece {
  readonly thread: string;
  readonly place: PartPlace;
  readonly text: string;
}

function cut(thread: string, texts: readonly string[]): Piece[] {
  return texts.map((text, at) => ({ thread, place: { index: at + 1, total: texts.length }, text }));
}

function takeAll(pieces: readonly Piece[], from: PendingPayloads = {}) {
  let pending = from;
  const outcomes = pieces.map(({ thread, place, text }) => {
    const taken = takePiece(pending, thread, place, text);
    pending = taken.pending;
    return taken.outcome;
  });
  const payloads = outcomes.flatMap((outcome) => (outcome.kind === "complete" ? [outcome.payload] : []));
  return { pending, kinds: outcomes.map(({ kind }) => kind), payloads };
}

const texts = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 8 });
const [a1, a2, a3] = cut("a", ["x", "y", "z"]) as [Piece, Piece, Piece];

describe("takePiece", () => {
  it("gives back what was cut, and keeps nothing of it", () => {
    fc.assert(
      fc.property(texts, (whole) => {
        const { pending, payloads } = takeAll(cut("a", whole));
        expect(payloads).toEqual([whole.join("")]);
        expect(pending).toEqual({});
      }),
    );
  });

  it("keeps interleaved payloads apart", () => {
    fc.assert(
      fc.property(texts, texts, fc.infiniteStream(fc.boolean()), (one, other, coin) => {
        const [left, right] = [cut("a", one), cut("b", other)];
        const mixed: Piece[] = [];
        while (left.length + right.length > 0) {
          const from = right.length === 0 || (left.length > 0 && coin.next().value === true) ? left : right;
          mixed.push(...from.splice(0, 1));
        }
        expect(takeAll(mixed).payloads.sort()).toEqual([one.join(""), other.join("")].sort());
      }),
    );
  });

  it("starts anew with piece 1", () => {
    expect(takeAll([a1, a2, ...cut("a", ["1", "2"])]).payloads).toEqual(["12"]);
    expect(takeAll([a1, a1, a2, a3]).payloads).toEqual(["xyz"]);
  });

  it("drops a payload of which a piece is missing, doubled or counted otherwise", () => {
    expect(takeAll([a1, a3])).toEqual({ pending: {}, kinds: ["waiting", "out_of_order"], payloads: [] });
    expect(takeAll([a2, a3]).kinds).toEqual(["out_of_order", "out_of_order"]);
    expect(takeAll([a1, a2, a2, a3]).payloads).toEqual([]);
    expect(takeAll([a1, { ...a2, place: { index: 2, total: 2 } }]).kinds).toEqual(["waiting", "out_of_order"]);
  });

  it("goes on from what was stored", () => {
    const stored = JSON.parse(JSON.stringify(takeAll([a1, a2]).pending));
    expect(takeAll([a3], stored).payloads).toEqual(["xyz"]);
  });

  it("leaves the state that it was given as it was", () => {
    const { pending } = takeAll([a1]);
    const before = structuredClone(pending);
    takePiece(pending, "a", a2.place, a2.text);
    takePiece(pending, "a", a3.place, a3.text);
    expect(pending).toEqual(before);
  });

  it("never gives out a payload whose pieces did not come in order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(a1, a2, a3), { maxLength: 12 }), (pieces) => {
        const came = pieces.map(({ text }) => text).join("");
        expect(takeAll(pieces).payloads).toEqual(came.match(/xyz/g) ?? []);
      }),
    );
  });
});

describe("threads", () => {
  it("part tags by name and id, and hellos by nonce and by the form of their lines", () => {
    const threads = [
      threadOfPart({ name: "ITEM", id: "1" }),
      threadOfPart({ name: "ITEMS", id: "1" }),
      threadOfPart({ name: "ITEM", id: "2" }),
      threadOfHello({ nonce: "1", prefix: "" }),
      threadOfHello({ nonce: "1", prefix: "Norinn whispers: " }),
      threadOfHello({ nonce: "2", prefix: "" }),
    ];
    expect(new Set(threads).size).toBe(threads.length);
  });
});
