import { describe, expect, it } from "vitest";
import { processStartedAt } from "./process-start.ts";

const SYSTEM = "cpu 1 2 3\nbtime 1775304000\nprocesses 1\n";
const stat = (name: string) => `42 (${name}) S ${"0 ".repeat(18)}12345 0 0\n`;

function files(process: string) {
  return async (path: string) => (path === "/proc/stat" ? SYSTEM : process);
}

describe("the start of a process of Linux", () => {
  it("is counted from the machine's", async () => {
    expect(await processStartedAt(42, files(stat("Wow.exe")))).toBe(1_775_304_000_000 + 123_450);
  });

  it("is read right for a program with brackets and blanks in its name", async () => {
    expect(await processStartedAt(42, files(stat("a) S 1 2 (b")))).toBe(1_775_304_000_000 + 123_450);
  });

  it("is unknown when the process is gone, or its file is strange", async () => {
    const gone = async () => {
      throw new Error("ENOENT");
    };
    expect(await processStartedAt(42, gone)).toBeNull();
    expect(await processStartedAt(42, files("nonsense"))).toBeNull();
  });
});
