import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { decodeBytes, hasBrokenBytes } from "../vm/lua-text.ts";
import { BLOCK_BYTES, ChatLog, timestamp } from "./chat-log.ts";
import { logLine } from "./log-line.ts";
import { fileLog, type LogStorage, memoryLog } from "./log-storage.ts";

const AT = new Date(2026, 3, 4, 12, 0, 1, 7).getTime();
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const STORAGES: readonly [string, () => LogStorage][] = [
  ["in memory", memoryLog],
  [
    "in a file",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "chat-log-"));
      folders.push(folder);
      return fileLog(join(folder, "Logs", "WoWChatLog.txt"));
    },
  ],
];

describe.each(STORAGES)("a chat log %s", (_, storage) => {
  it("writes nothing while it is off", () => {
    const log = new ChatLog({ storage: storage() });
    log.write("lost", AT);
    log.toggle(true);
    log.exit();
    expect(log.bytes().length).toBe(0);
  });

  it("stamps without year and without zeros before month and day, two spaces, CRLF", () => {
    const log = new ChatLog({ storage: storage() });
    log.toggle(true);
    log.write("Привет", AT);
    log.toggle(false);
    expect(log.bytes().toString("utf8")).toBe("4/4 12:00:01.007  Привет\r\n");
  });

  it("keeps what is below a block to itself, and writes exactly a block", () => {
    const log = new ChatLog({ storage: storage() });
    log.toggle(true);
    const line = "x".repeat(980);
    for (let i = 0; i < 49; i++) log.write(line, AT);
    expect(log.bytes().length).toBe(0);
    log.write(line, AT);
    expect(log.bytes().length).toBe(BLOCK_BYTES);
    expect(log.bytes().at(-1)).not.toBe(10);
    expect(log.pendingBytes).toBe(50 * 1_000 - BLOCK_BYTES);
  });

  it("can end a block inside a character", () => {
    const log = new ChatLog({ storage: storage(), blockBytes: 64 });
    log.toggle(true);
    for (let i = 0; i < 9; i++) log.write(`a${"Ж".repeat(i + 9)}`, AT);
    const ends = Array.from({ length: Math.floor(log.bytes().length / 64) }, (_v, i) =>
      hasBrokenBytes(decodeBytes(log.bytes().subarray(0, (i + 1) * 64))),
    );
    expect(ends).toContain(true);
  });

  it("loses the pending bytes in a crash and keeps them at exit", () => {
    const shared = storage();
    const first = new ChatLog({ storage: shared });
    first.toggle(true);
    first.write("crashed", AT);
    first.crash();
    const second = new ChatLog({ storage: shared });
    second.toggle(true);
    second.write("kept", AT);
    second.exit();
    expect(second.bytes().toString()).toBe(`${timestamp(AT)}  kept\r\n`);
  });

  it("appends after it was opened again", () => {
    const log = new ChatLog({ storage: storage() });
    for (const text of ["one", "two"]) {
      log.toggle(true);
      log.write(text, AT);
      log.toggle(false);
    }
    expect(log.bytes().toString()).toMatch(/one\r\n.*two\r\n$/);
  });

  it("does not flush on toggle where the client does not", () => {
    const log = new ChatLog({ storage: storage(), flushOnToggle: false });
    log.toggle(true);
    log.write("pending", AT);
    log.toggle(false);
    log.write("while off", AT);
    log.toggle(true);
    expect(log.bytes().length).toBe(0);
    log.exit();
    expect(log.bytes().toString()).toBe(`${timestamp(AT)}  pending\r\n`);
  });

  it("leaves zero bytes where it was cut under the running client", () => {
    const log = new ChatLog({ storage: storage(), blockBytes: 32 });
    log.toggle(true);
    log.write("a".repeat(60), AT);
    const before = log.bytes().length;
    log.truncate();
    log.write("b".repeat(60), AT);
    const after = log.bytes();
    expect(before).toBe(64);
    expect(after.subarray(0, before).every((byte) => byte === 0)).toBe(true);
    expect(after.length).toBeGreaterThan(before);
  });

  it("can be moved away only when the client does not hold it", () => {
    const log = new ChatLog({ storage: storage() });
    log.toggle(true);
    log.write("old", AT);
    expect(() => log.rotate()).toThrow(/holds/);
    log.exit();
    log.rotate();
    expect(log.bytes().length).toBe(0);
  });
});

describe("a line of the log", () => {
  const said = (kind: Parameters<typeof logLine>[1]["kind"]) => ({ kind, text: "hi", sender: "Bob" });

  it.each([
    ["WHISPER", "Bob whispers: hi", "Bob шепчет: hi"],
    ["WHISPER_INFORM", "To Bob: hi", "Вы шепчете |3-2(Bob): hi"],
    ["SAY", "Bob says: hi", "Bob говорит: hi"],
    ["YELL", "Bob yells: hi", "Bob кричит: hi"],
    ["EMOTE", "Bob hi", "Bob hi"],
    ["GUILD", "|Hchannel:GUILD|h[Guild]|h Bob: hi", "|Hchannel:GUILD|h[Гильдия]|h Bob: hi"],
    ["RAID", "|Hchannel:RAID|h[Raid]|h Bob: hi", "|Hchannel:RAID|h[Рейд]|h Bob: hi"],
    ["RAID_WARNING", "[Raid Warning] Bob: hi", "[Объявление рейду] Bob: hi"],
    ["AFK", "Bob is Away: hi", "Bob отсутствует: hi"],
    ["SYSTEM", "hi", "hi"],
    ["IGNORED", "Bob is ignoring you.", "Bob игнорирует вас."],
  ] as const)("of %s has the client's own form in both languages", (kind, english, russian) => {
    expect(logLine("enUS", said(kind))).toBe(english);
    expect(logLine("ruRU", said(kind))).toBe(russian);
  });

  it("may hold a declined name, from which nobody can tell who it was", () => {
    expect(logLine("ruRU", { kind: "WHISPER_INFORM", text: "|3-2(x)", sender: "Гном" }, true)).toBe(
      "Вы шепчете Гному: |3-2(x)",
    );
  });

  it("of a channel carries its number and name, and a flag stands before the name", () => {
    const message = { ...said("CHANNEL"), channel: { number: 2, name: "Trade" }, flag: "AFK" as const };
    expect(logLine("enUS", message)).toBe("[2. Trade] <Away>Bob: hi");
  });
});
