import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { appendChatLine, linesFrom } from "./chat-log-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mgm-log-"));
  path = join(folder, "Logs", "WoWChatLog.txt");
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(offset: number): Promise<{ texts: string[]; offset: number }> {
  const texts: string[] = [];
  let next = offset;
  for await (const { line, nextOffset } of linesFrom(path, offset)) {
    texts.push(line.text);
    next = nextOffset;
  }
  return { texts, offset: next };
}

it("writes lines as the client does", async () => {
  appendChatLine(path, "[MGM_READY]", new Date(2026, 3, 4, 12, 0, 1, 7));
  expect((await read(0)).texts).toEqual(["4/4 12:00:01.007  [MGM_READY]"]);
});

it("reads nothing while there is no file", async () => {
  expect(await read(0)).toEqual({ texts: [], offset: 0 });
});

it("leaves a line alone until its end is there, whatever the bytes are cut into", async () => {
  appendChatLine(path, "first");
  const before = await read(0);
  const bytes = Buffer.from("Ёжик whispers: да\r\n");
  for (const byte of bytes.subarray(0, -1)) {
    appendFileSync(path, Buffer.of(byte));
    expect(await read(before.offset)).toEqual({ texts: [], offset: before.offset });
  }
  appendFileSync(path, bytes.subarray(-1));
  expect((await read(before.offset)).texts).toEqual(["Ёжик whispers: да"]);
});

it("reads more than one chunk", async () => {
  const texts = Array.from({ length: 3_000 }, (_, i) => `line ${i} ${"щ".repeat(20)}`);
  appendChatLine(path, "0");
  writeFileSync(path, texts.map((text) => `${text}\r\n`).join(""));
  expect((await read(0)).texts).toEqual(texts);
});

it("begins anew when the file became shorter", async () => {
  for (const text of ["one", "two", "three"]) appendChatLine(path, text);
  const { offset } = await read(0);
  truncateSync(path, 0);
  appendChatLine(path, "new");
  expect((await read(offset)).texts.map((text) => text.slice(-3))).toEqual(["new"]);
});
