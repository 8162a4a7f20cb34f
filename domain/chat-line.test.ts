import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BagStack, DescribedItem, Hello, WhoReport } from "./chat-line/payload.ts";
import { formatHello, formatHelloPart, formatTag, type Tag, type TagPart } from "./chat-line/tag.ts";
import { type ChatLine, type LineTrust, parseChatLine, readHello } from "./chat-line.ts";
import { readVectors } from "./golden/vectors.ts";

const STAMP = "4/4 12:00:01.000  ";
const KEY = "0123456789abcdef";
const KNOWN: LineTrust = { keys: [KEY], ownCharacter: "Norinn", whisperFormat: "%s whispers: " };

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const id = fc.uuid();
const text = fc.string({ unit: "binary", maxLength: 30 });
const someText = fc
  .oneof(text, fc.constantFrom("|Hitem:1|h[x]|h", ` #${KEY}`, "\\u007c"))
  .filter((value) => value !== "");
const index = fc.maxSafeNat();
const count = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const instant = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-12-31") })
  .map((time) => time.toISOString());
const report: fc.Arbitrary<WhoReport> = fc.record({
  spinCycleId: id,
  characterName: text,
  online: fc.boolean(),
  capturedAt: instant,
});
const stack: fc.Arbitrary<BagStack> = fc.record({ bag: index, slot: index, itemId: count, count });
const item: fc.Arbitrary<DescribedItem> = fc.record({
  name: someText,
  id: count,
  count,
  link: text,
  texture: text,
  bagId: index,
  slotId: index,
});
const tag: fc.Arbitrary<Tag> = fc.oneof(
  fc.record({
    name: fc.constantFrom("ACCEPT", "CONFIRM", "SENDING", "FAILED", "GIFT_ACCEPT", "GIFT_DECLINE", "GIFT_SENT"),
    id,
  }),
  fc.record({ name: fc.constantFrom("READY", "BYE", "UPDATE_CHECK") }),
  fc.record({ name: fc.constant("ACK"), number: fc.nat({ max: 999_999_999_999_999 }) }),
  fc.record({ name: fc.constant("WHO"), report }),
  fc.record({ name: fc.constant("ITEMS"), id, stacks: fc.array(stack, { maxLength: 4 }) }),
  fc.record({ name: fc.constant("ITEM"), id, item }),
);
const place = fc
  .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }))
  .map(([one, other]) => ({ index: Math.min(one, other), total: Math.max(one, other) }));
const part: fc.Arbitrary<TagPart> = fc.record({ name: fc.constantFrom("ITEMS", "ITEM"), id, place, piece: text });
const hello: fc.Arbitrary<Hello> = fc.record({
  addonVersion: someText,
  character: fc.constantFrom("Norinn", "Норинн"),
  realm: someText,
  locale: someText,
  transport: someText,
  whisperFormat: fc.constantFrom("%s whispers: ", "%s шепчет: "),
  bangSwallowed: fc.option(fc.boolean()),
});
const trustedPrefix = fc.constantFrom("", "Norinn whispers: ", "[Norinn] whispers: ");

function classify(line: string, trust: LineTrust = KNOWN, beginningSeen = true): ChatLine {
  return parseChatLine({ text: line, beginningSeen }, trust);
}

/** A classification as the golden file writes it. */
function describeLine(line: ChatLine): [kind: string, detail: string] {
  switch (line.kind) {
    case "none":
      return ["none", ""];
    case "tag":
      return ["tag", formatTag(line.tag, "").slice(0, -" #".length)];
    case "part":
      return ["part", formatTag(line.part, "").slice(0, -" #".length)];
    case "hello": {
      const where = line.place === null ? "whole" : `${line.place.index}/${line.place.total}`;
      return ["hello", `${line.nonce} ${where} ${line.prefix}`];
    }
    case "unkeyed":
      return ["unkeyed", `${line.name} ${line.id ?? "-"}`];
    case "malformed":
      return ["malformed", `${line.name} ${line.id ?? "-"} ${line.reason}`];
    case "forged":
      return ["forged", `${line.reason}${line.keyed ? " keyed" : ""}`];
  }
}

describe("parseChatLine, by the golden lines", () => {
  const rows = readVectors(readFileSync(new URL("golden/chat-lines.tsv", import.meta.url), "utf8"));
  const contexts = new Map<string, { trust: LineTrust; beginningSeen: boolean }>();
  for (const { columns } of rows) {
    const [mark, name = "", keys = "", ownCharacter = "", whisperFormat = "", seen] = columns;
    if (mark !== "@context") continue;
    const trust = {
      keys: keys === "" ? [] : keys.split(","),
      ownCharacter: ownCharacter === "" ? null : ownCharacter,
      whisperFormat: whisperFormat === "" ? null : whisperFormat,
    };
    contexts.set(name, { trust, beginningSeen: seen === "seen" });
  }
  const vectors = rows.filter(({ columns }) => columns[0] !== "@context");

  it("has lines of every kind", () => {
    const kinds = new Set(vectors.map(({ columns }) => columns[2]));
    expect([...kinds].sort()).toEqual(["forged", "hello", "malformed", "none", "part", "tag", "unkeyed"]);
  });

  it.each(vectors)("reads golden line $line", ({ columns: [name = "", line = "", kind, detail] }) => {
    const context = contexts.get(name);
    if (context === undefined) throw new Error(`no context ${name}`);
    expect(describeLine(classify(line, context.trust, context.beginningSeen))).toEqual([kind, detail]);
  });
});

describe("what the addon writes", () => {
  it("is read as it was meant, in both places", () => {
    fc.assert(
      fc.property(trustedPrefix, fc.oneof(tag, part), hex(16), (prefix, said, key) => {
        const line = classify(`${STAMP}${prefix}${formatTag(said, key)}`, { ...KNOWN, keys: [KEY, key] });
        expect(line).toEqual("place" in said ? { kind: "part", part: said } : { kind: "tag", tag: said });
      }),
    );
  });

  it("holds no bar and no line end, but for what a piece brings along", () => {
    fc.assert(
      fc.property(tag, hello, (said, about) => {
        expect(formatTag(said, KEY) + formatHello(KEY + KEY, about)).not.toMatch(/[|\r\n]/);
      }),
    );
  });

  it("means nothing without an accepted key", () => {
    fc.assert(
      fc.property(trustedPrefix, fc.oneof(tag, part), hex(16), (prefix, said, key) => {
        fc.pre(key !== KEY);
        const line = classify(`${STAMP}${prefix}${formatTag(said, key)}`);
        expect(line).toEqual({ kind: "unkeyed", name: said.name, id: "id" in said ? said.id : null });
      }),
    );
  });

  it("means nothing in any other place, even with the key", () => {
    const elsewhere = fc.oneof(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.constantFrom("Bob says: ", "Norinn says: ", "Norinn whispers: hi ", "To Norinn: ", " ", "Norinn whispers:"),
    );
    fc.assert(
      fc.property(elsewhere, fc.oneof(tag, part), (before, said) => {
        fc.pre(!before.includes("[MGM_"));
        const line = classify(`${STAMP}${before}${formatTag(said, KEY)}`);
        expect(["none", "forged"]).toContain(line.kind);
      }),
    );
  });

  it("means nothing when the beginning of the line was not seen", () => {
    fc.assert(
      fc.property(fc.oneof(tag, part), hello, fc.nat({ max: 40 }), (said, about, cut) => {
        for (const written of [formatTag(said, KEY), formatHello(KEY + KEY, about)]) {
          const line = classify(`${STAMP}${written}`.slice(cut), KNOWN, false);
          expect(["none", "forged"]).toContain(line.kind);
        }
      }),
    );
  });
});

describe("any other text", () => {
  it("never makes the parser throw and never passes for a tag", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(
        STAMP,
        "[MGM_",
        "WHO]",
        "ITEM:",
        ":1/2]",
        "{",
        '"',
        "Norinn whispers: ",
        " #",
        "[MGM_HELLO:",
        "]",
      ),
      id,
      hex(16),
      hex(32),
    );
    const trust = fc.constantFrom(KNOWN, { keys: [], ownCharacter: null, whisperFormat: null });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), trust, fc.boolean(), (pieces, context, seen) => {
        expect(["none", "hello", "unkeyed", "forged"]).toContain(classify(pieces.join(""), context, seen).kind);
      }),
      { numRuns: 500 },
    );
  });

  it("is only malformed where a trusted tag has a body that makes no sense", () => {
    const head = fc.oneof(
      fc.constantFrom("[MGM_WHO]", "[MGM_ACCEPT:]", "[MGM_?]"),
      id.map((subject) => `[MGM_ITEMS:${subject}]`),
    );
    const body = fc.oneof(fc.json(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(head, body, (brackets, nonsense) => {
        const line = classify(`${STAMP}${brackets}${nonsense} #${KEY}`);
        expect(["malformed", "none", "tag"]).toContain(line.kind);
      }),
    );
  });
});

describe("a hello", () => {
  it("is read back from a system line and from a whisper of the character that it names", () => {
    fc.assert(
      fc.property(hello, hex(32), fc.boolean(), (about, nonce, whispered) => {
        const prefix = whispered ? about.whisperFormat.replace("%s", about.character) : "";
        const line = classify(`${STAMP}${prefix}${formatHello(nonce, about)}`);
        if (line.kind !== "hello") throw new Error(line.kind);
        expect([line.nonce, line.place, line.prefix]).toEqual([nonce, null, prefix]);
        expect(readHello(line.text, line.prefix)).toEqual({ ok: true, hello: about });
      }),
    );
  });

  it("comes in parts that keep every character", () => {
    fc.assert(
      fc.property(hex(32), place, text, (nonce, where, piece) => {
        const line = classify(`${STAMP}${formatHelloPart(nonce, where, piece)}`);
        expect(line).toEqual({ kind: "hello", nonce, place: where, text: piece, prefix: "" });
      }),
    );
  });

  const norinn: Hello = {
    addonVersion: "1.0.0",
    character: "Norinn",
    realm: "Icecrown",
    locale: "enUS",
    transport: "whisper",
    whisperFormat: "%s whispers: ",
    bangSwallowed: true,
  };
  const payload = JSON.stringify(norinn);

  it.each(["Bob whispers: ", "To Norinn: ", "An Norinn: ", "Norinn says: ", "Norinn whispers: hi ", " "])(
    "of another sender is refused: %j",
    (prefix) => {
      expect(readHello(payload, prefix)).toEqual({ ok: false, reason: "wrong_sender" });
    },
  );

  it("without a usable whisper format still counts in a system line, never in a whisper", () => {
    for (const whisperFormat of ["whispers: ", "%s and %s: "]) {
      const odd = JSON.stringify({ ...norinn, whisperFormat });
      expect(readHello(odd, "").ok).toBe(true);
      expect(readHello(odd, "Norinn and Norinn: ").ok).toBe(false);
      expect(readHello(odd, "Norinn and ").ok).toBe(false);
      expect(readHello(odd, "whispers: ").ok).toBe(false);
    }
  });

  it("may leave out whether the bang is swallowed, and nothing else", () => {
    const { bangSwallowed: _, ...others } = norinn;
    expect(readHello(JSON.stringify(others), "")).toEqual({ ok: true, hello: { ...norinn, bangSwallowed: null } });
    for (const field of Object.keys(others)) {
      const result = readHello(JSON.stringify({ ...norinn, [field]: undefined }), "");
      expect(result).toEqual({ ok: false, reason: "invalid_payload" });
    }
  });

  it.each([
    ["{", "not_json"],
    ["", "not_json"],
    ["[]", "invalid_payload"],
    [payload.replace("true", '"yes"'), "invalid_payload"],
    [payload.replace('"Norinn"', '""'), "invalid_payload"],
  ])("with the payload %j says nothing", (broken, reason) => {
    expect(readHello(broken, "")).toEqual({ ok: false, reason });
  });
});
