import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as commands from "./command-text.ts";

const ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
const LONGEST_NAME = "Ёжиковаятень";
const NUMBER = 999_999_999_999_999;

describe("a command", () => {
  it("is a line of ASCII, other bytes as Lua writes them", () => {
    expect(commands.formatCommand(commands.whisperWinner(ID, "Ян"), 1_775_304_000)).toBe(
      `/run NotifyWinnerWhisper("${ID}","\\208\\175\\208\\189",1775304000)`,
    );
    expect(commands.formatCommand(commands.updateStatus('1"\\|', "2\n", "newer"), 7)).toBe(
      '/run MGM_UpdateStatus("1\\034\\092\\124","2?","newer",7)',
    );
    const stack = { bag: 0, slot: 1, itemId: 6948, count: 20 };
    expect(commands.formatCommand(commands.describeGiftItem(ID, stack), 7)).toBe(
      `/run MGM_DescribeGiftItem("${ID}",0,1,6948,20,7)`,
    );
  });

  it("may have a statement of Lua before it", () => {
    expect(commands.formatCommand(commands.whisperMyself("MGM1"), 7)).toBe(
      '/run SendChatMessage("MGM1","WHISPER",nil,UnitName("player")) MGM_Withdraw("00000000-0000-0000-0000-000000000000",7)',
    );
  });

  it("fits into the chat box, whatever it is about", () => {
    const stack = { bag: 11, slot: 36, itemId: 4_294_967_295, count: 10_000 };
    const all = [
      commands.hello("f".repeat(32), "f".repeat(16)),
      commands.runWho(ID, LONGEST_NAME),
      commands.whisperWinner(ID, LONGEST_NAME),
      commands.withdraw(ID),
      commands.acknowledgeOnly(),
      commands.whisperMyself("M".repeat(20)),
      commands.requestGiftItems(ID),
      commands.describeGiftItem(ID, stack),
      commands.requestGiftConfirmation(ID, LONGEST_NAME, stack),
      commands.sendGift(ID, LONGEST_NAME, stack),
      commands.updateStatus("9".repeat(300), "9".repeat(300), "unreachable"),
      // Whoever answers on the API's address writes what it likes, and a quote takes four characters.
      commands.updateStatus('"'.repeat(300), '"'.repeat(300), "unreachable"),
    ];
    for (const command of all) {
      expect(commands.formatCommand(command, NUMBER)).toMatch(/^\/run [\x20-\x7e]{1,249}$/);
    }
  });

  it("that would be cut is not written", () => {
    expect(() => commands.formatCommand(commands.hello("f".repeat(300), "f"), 1)).toThrow(RangeError);
  });
});

describe("gold", () => {
  const entry = (characterName: string) => ({ payoutId: randomUUID(), characterName, copper: 10_000_000 });

  it("is named in whole entries, as many as fit, in order", () => {
    const entries = ["Bob", LONGEST_NAME, "Ann", "Eve", "Abcdefghijkl", LONGEST_NAME, "Zed"].map(entry);
    const made = commands.receiveGold(entries);
    expect(made.flatMap(({ payoutIds }) => payoutIds)).toEqual(entries.map(({ payoutId }) => payoutId));
    expect(made.length).toBeLessThan(entries.length);
    for (const { command } of made) {
      expect(String(command.args[0])).toMatch(/^([0-9a-f-]{36}:\p{L}+:10000000;)+$/u);
      expect(commands.formatCommand(command, NUMBER).length).toBeLessThanOrEqual(commands.LONGEST_COMMAND_BYTES);
    }
  });

  it("of nobody is no command", () => {
    expect(commands.receiveGold([])).toEqual([]);
  });
});
