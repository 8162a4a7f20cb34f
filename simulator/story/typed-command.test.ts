import { expect, it } from "vitest";
import * as texts from "../../desktop/bridge/commands/command-text.ts";
import { readTypedCommand } from "./typed-command.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const STACK = { bag: 0, slot: 3, itemId: 33_470, count: 17 };

it.each([
  texts.runWho(ID, "Ёжик"),
  texts.whisperWinner(ID, "Щщщщщщщщщщщщ"),
  texts.requestGiftConfirmation(ID, "Ёжик", STACK),
  texts.sendGift(ID, "Ёжик", STACK),
  ...texts.receiveGold([{ payoutId: ID, characterName: "Élise", copper: 10_000_000 }]).map(({ command }) => command),
])("reads $name as the desktop types it", (command) => {
  expect(readTypedCommand(texts.formatCommand(command, 1_800_000_000))).toEqual({
    name: command.name,
    args: [...command.args.map(String), "1800000000"],
  });
});

it.each(["hello", "/run print(1)", "/who Norinn", "/run ReceiveGold"])("passes over what is no command: %s", (line) => {
  expect(readTypedCommand(line)).toBeNull();
});
