import { appendFile } from "node:fs/promises";
import type { Hello } from "@mgm/domain/chat-line/payload";
import { formatTag, type Tag, type TagPart } from "@mgm/domain/chat-line/tag";

/** The key of the tests' addon. */
export const KEY = "0123456789abcdef";

/** What the tests' addon says of itself. */
export const HELLO: Hello = {
  addonVersion: "1.0.0",
  character: "Mimiron",
  realm: "Ulduar",
  locale: "enUS",
  transport: "system",
  whisperFormat: "%s whispers: ",
  bangSwallowed: false,
};

/** A line as the client writes it, with its line end. */
export function logLine(body: string, at: Date = new Date(2026, 3, 4, 12)): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":");
  return `${at.getMonth() + 1}/${at.getDate()} ${time}.${String(at.getMilliseconds()).padStart(3, "0")}  ${body}\r\n`;
}

/** A tag of the tests' addon as a line. */
export function tagLine(tag: Tag | TagPart, key = KEY): string {
  return logLine(formatTag(tag, key));
}

/** Lets the client write. */
export function writeLines(path: string, ...lines: readonly string[]): Promise<void> {
  return appendFile(path, lines.join(""));
}
