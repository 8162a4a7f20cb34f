import { defineItem } from "@mgm/simulator/game/world/items";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idOf, type StartGame } from "../addon-game.ts";

/** Text that wants to be more than text. */
const piece = fc.constantFrom(
  '"',
  "'",
  "\\",
  "]]",
  "--",
  "\n",
  "\r",
  "|",
  "||",
  "|r",
  "|Hitem:1|h[x]|h",
  "%s",
  "%d",
  "%%",
  "%",
  "#",
  " ",
  "  ",
  "\0",
  ")",
  "OWNED=true",
  '") OWNED = true --',
  "]] OWNED = true --",
  "[MGM_CONFIRM:",
  "]",
  `[MGM_CONFIRM:${idOf(1)}]`,
  " #0123456789abcdef",
  "!twgold",
  "ё",
  "😀",
  "\u202e",
  "\u00a0",
  "{",
  "}",
  "\\u0022",
  "\x7f",
  "\x1b",
  "/run OWNED=true",
);
const hostile = fc
  .array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 5 })), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(""));

/** Names, items and whispers that try to get out of their strings. */
export function describeHostileText(greeted: StartGame): void {
  describe("text of others", () => {
    it("is never run and never becomes a tag: whispers", async () => {
      const one = await greeted({ framesPerSecond: 10 });
      one.type("NotifyWinnerWhisper", [idOf(1), "Jaina"]);
      one.wait(2);
      const jaina = one.game.player("Jaina");
      // The server cuts a text at its first line end.
      const isYes = (text: string) => /^!?twgold$/i.test((text.split(/[\r\n]/, 1)[0] ?? "").trim());
      fc.assert(
        fc.property(hostile, (text) => {
          fc.pre(!isYes(text));
          jaina.whisper(text);
          one.game.player("Thrall").whisper(text);
          one.game.advance(300);
        }),
        { numRuns: 300 },
      );
      one.wait(3);
      expect(one.game.evaluate("return OWNED")).toEqual([undefined]);
      expect(one.events().filter((event) => event !== "forged")).toEqual([]);
    });

    it("is never run and never becomes a tag: items", async () => {
      const one = await greeted({ framesPerSecond: 10 });
      let number = 0;
      const described: string[] = [];
      fc.assert(
        fc.property(hostile, (name) => {
          number += 1;
          const template = defineItem({ id: 900_000 + number, name: `I${name}`.slice(0, 60), maxStack: 20 });
          const { inventory } = one.game.world;
          const place = inventory.put(template.id, { count: 2 });
          described.push(template.name);
          one.game.run(`MGM_DescribeGiftItem("${idOf(number)}",${place.bag},${place.slot},${template.id},2)`);
          one.game.run(`MGM_RequestGiftItems("${idOf(number)}")`);
          inventory.take(place);
        }),
        { numRuns: 200 },
      );
      one.wait(3);
      const items = one.tags().flatMap((tag) => ("item" in tag ? [tag.item] : []));
      expect(items).toHaveLength(number);
      expect(items.map(({ id }) => id)).toEqual(described.map((_, index) => 900_001 + index));
      // What a link can hold comes through as it is; a lone surrogate or an odd byte comes as the mark of a lost one.
      const plain = described
        .map((name, index) => [name, items[index]?.name] as const)
        .filter(([name]) => /^[\x20-\x7e\u0400-\u04ff]*$/.test(name));
      expect(plain.length).toBeGreaterThan(10);
      for (const [name, seen] of plain) expect(seen).toBe(name);
      expect(one.game.evaluate("return OWNED")).toEqual([undefined]);
      expect(one.events().filter((event) => !/^ITEMS? \d+$/.test(event))).toEqual([]);
    });

    it("is never run and never becomes a tag: arguments of commands", async () => {
      const one = await greeted({ framesPerSecond: 10 });
      fc.assert(
        fc.property(hostile, hostile, (first, second) => {
          // A name that happens to be one is not hostile: its gold would be queued, rightly.
          fc.pre(!/^\s*\p{L}{2,12}\s*$/u.test(first.normalize("NFC")));
          const bytes = (text: string) =>
            `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
          for (const name of ["NotifyWinnerWhisper", "MGM_RunWhoForSpin", "ReceiveGold", "MGM_Withdraw", "MGM_Hello"]) {
            one.game.run(`pcall(${name}, ${bytes(first)}, ${bytes(second)})`);
            one.game.run(`pcall(${name}, "${idOf(1)}", ${bytes(second)})`);
            one.game.run(`pcall(${name}, "${idOf(1)}:" .. ${bytes(first)} .. ":5")`);
          }
          for (const id of [bytes(first), `"${idOf(1)}"`]) {
            one.game.run(`pcall(MGM_RequestGiftConfirmation, ${id}, ${bytes(first)}, 0, 1, 6948, 1)`);
            one.game.run(`pcall(MGM_SendGift, ${id}, ${bytes(first)}, 0, 1, 6948, 1)`);
          }
          one.game.run(`pcall(MGM_RequestGiftItems, ${bytes(first)})`);
          one.game.run(`pcall(MGM_DescribeGiftItem, ${bytes(first)}, 0, 1, 6948, 1)`);
          one.game.run(`MGM_UpdateStatus(${bytes(first)}, ${bytes(second)}, "newer")`);
        }),
        { numRuns: 100 },
      );
      one.wait(3);
      expect(one.game.evaluate("return OWNED, #MimironsGoldOMaticDB.mail.rows")).toEqual([undefined, 0]);
      expect(one.events()).toEqual([]);
    });

    it("in saved variables that somebody edited does no harm", async () => {
      const one = await greeted();
      const json = fc.json({ maxDepth: 4 });
      const toLua = (value: unknown): string => {
        if (value === null) return "nil";
        if (Array.isArray(value)) return `{${value.map(toLua).join(",")}}`;
        if (typeof value === "object") {
          return `{${Object.entries(value)
            .map(([key, item]) => `[${toLua(key)}]=${toLua(item)}`)
            .join(",")}}`;
        }
        if (typeof value === "string")
          return `"${[...Buffer.from(value)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
        return String(value);
      };
      fc.assert(
        fc.property(json, json, json, (first, second, third) => {
          const saved = `{version=1,mail={rows={${toLua(JSON.parse(first))}},sent=${toLua(JSON.parse(second))},flight=${toLua(JSON.parse(third))}},said=${toLua(JSON.parse(first))},questions=${toLua(JSON.parse(second))},numbers=${toLua(JSON.parse(third))},realms=${toLua(JSON.parse(first))}}`;
          // The client's numbers are what Lua makes of them: infinities are tried elsewhere.
          one.game.run(`MimironsGoldOMaticDB = ${saved}`);
          one.game.reload();
        }),
        { numRuns: 30 },
      );
      one.hello();
      one.wait(8);
      expect(one.hellos().length).toBeGreaterThan(0);
    });
  });
}
