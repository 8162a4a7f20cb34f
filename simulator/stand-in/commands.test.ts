import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { type Command, formatCommand, parseCommand } from "./commands.ts";

it.each<Command>([
  { name: "MGM_Hello", args: ["00112233445566778899aabbccddeeff", "0123456789abcdef"], number: 1_800_000_000 },
  { name: "MGM_RunWhoForSpin", args: [randomUUID(), "Ёжик"], number: 1_800_000_001 },
  { name: "NotifyWinnerWhisper", args: [randomUUID(), "Щщщщщщщщщщщщ"], number: 1_800_000_002 },
  { name: "ReceiveGold", args: [`${randomUUID()}:Élise:10000000;`], number: 1_800_000_003 },
  { name: "MGM_Withdraw", args: ['a "quoted" \\ id'], number: 7 },
])("writes $name as ASCII that fits the chat box, and reads it back", (command) => {
  const line = formatCommand(command);
  expect(line).toMatch(/^[\x20-\x7e]{1,254}$/);
  expect(parseCommand(line)).toEqual(command);
});

it.each(["hello", "/run print(1)", "/who Norinn", "/run MGM_Hello"])("passes over what is no command: %s", (line) => {
  expect(parseCommand(line)).toBeNull();
});
