import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ChatCommand, parseChatCommand } from "./chat-command.ts";

const gold = (name: string): ChatCommand => ({ kind: "gold", name });
const gift = (name: string): ChatCommand => ({ kind: "gift", name });

const table: [string, ChatCommand | null][] = [
  ["!twgold Norinn", gold("Norinn")],
  ["!twgift Norinn", gift("Norinn")],
  ["!TWGOLD Norinn", gold("Norinn")],
  ["!TwGift норинн", gift("норинн")],
  ["  !twgold Norinn", gold("Norinn")],
  ["\u00a0\t!twgold \t\u3000 Norinn\r\n", gold("Norinn")],
  // What clients append so that a repeated message passes.
  ["!twgold Norinn \u{e0000}", gold("Norinn")],
  ["!twgold Norinn\u{e0000}", gold("Norinn")],
  ["!twgold Norinn \u034f \u200b\ufe0f\u00ad ", gold("Norinn")],
  ["!twgold \u{e0000}", null],
  ["!twgold Norinn \u{e0000} x", null],
  // Inside the text such a code point is part of a word, and at its beginning of the command.
  ["!twgold \u200bNorinn", gold("\u200bNorinn")],
  ["!twgold Nor\u200binn", gold("Nor\u200binn")],
  ["\u200b!twgold Norinn", null],
  ["!twgold\u200b Norinn", null],
  // The word is not judged here.
  ["!twgold 12", gold("12")],
  ["!twgold !twgold", gold("!twgold")],
  ["!twgold \u{1f600}", gold("\u{1f600}")],
  ["!twgold", null],
  ["!twgold ", null],
  ["!twgoldNorinn", null],
  ["!twgold_ Norinn", null],
  ["!twgold No rinn", null],
  ["!twgold Norinn please", null],
  ["!twgold\nNorinn\nx", null],
  ["hello !twgold Norinn", null],
  ["twgold Norinn", null],
  ["! twgold Norinn", null],
  ["!!twgold Norinn", null],
  ["！twgold Norinn", null],
  ["!twgıft Norinn", null],
  ["!TWGİFT Norinn", null],
  ["!twgolds Norinn", null],
  ["!twgo\u217cd Norinn", null],
  ["", null],
  ["\u{e0000}", null],
];

const space = fc.string({ unit: fc.constantFrom(" ", "\t", "\u00a0", "\u2003"), minLength: 1, maxLength: 4 });
const invisible = fc.string({ unit: fc.constantFrom(" ", "\u{e0000}", "\u200d", "\u034f", "\ufeff"), maxLength: 6 });
const word = fc.string({ unit: fc.constantFrom(..."aZяЁ1!|%\u{1f600}"), minLength: 1, maxLength: 14 });
const command = fc.mixedCase(fc.constantFrom("!twgold", "!twgift"));

describe("parseChatCommand", () => {
  it.each(table)("reads %j", (text, expected) => {
    expect(parseChatCommand(text)).toEqual(expected);
  });

  it("finds command and word in any white space, with anything invisible after them", () => {
    fc.assert(
      fc.property(space, command, space, word, invisible, (before, typed, between, name, after) => {
        const kind = typed.toLowerCase() === "!twgold" ? "gold" : "gift";
        expect(parseChatCommand(before + typed + between + name + after)).toEqual({ kind, name });
      }),
    );
  });

  it("ignores a command with two words or more", () => {
    fc.assert(
      fc.property(
        command,
        fc.array(word, { minLength: 2, maxLength: 4 }),
        space,
        invisible,
        (typed, words, by, after) => {
          expect(parseChatCommand([typed, ...words].join(by) + after)).toBeNull();
        },
      ),
    );
  });

  it("finds one visible word or nothing in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, asName) => {
        const found = parseChatCommand(asName ? `!twgold ${text}` : text);
        if (found !== null) expect(found.name).toMatch(/^\S*[^\s\p{Default_Ignorable_Code_Point}]$/u);
      }),
    );
  });

  it("takes a long run of white space in its stride", () => {
    const run = " ".repeat(200_000);
    expect(parseChatCommand(`!twgold${run}Norinn${run}`)).toEqual(gold("Norinn"));
    expect(parseChatCommand(`!twgold${run}a${run}b`)).toBeNull();
  });
});
