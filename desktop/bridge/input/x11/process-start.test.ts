import { describe, expect, it } from "vitest";
import { ProcessStarts } from "./process-start.ts";

const system = (startedAt: number) => `cpu 1 2 3\nbtime ${startedAt}\nprocesses 1\n`;
const stat = (name: string, ticks = 12_345) => `42 (${name}) S ${"0 ".repeat(18)}${ticks} 0 0\n`;

function files(process: string) {
  return async (path: string) => (path === "/proc/stat" ? system(1_775_304_000) : process);
}
const processStartedAt = (id: number, readText: (path: string) => Promise<string>) =>
  new ProcessStarts(readText).startedAt(id);

describe("the start of a process of Linux", () => {
  it("is counted from the machine's", async () => {
    expect(await processStartedAt(42, files(stat("Wow.exe")))).toBe(1_775_304_000_000 + 123_450);
  });

  it("is read right for a program with brackets and blanks in its name", async () => {
    expect(await processStartedAt(42, files(stat("a) S 1 2 (b")))).toBe(1_775_304_000_000 + 123_450);
  });

  it("stays what it was when the clock is put, and is another process's when the number is given again", async () => {
    let [machineStartedAt, ticks] = [1_775_304_000, 12_345];
    const starts = new ProcessStarts(async (path) =>
      path === "/proc/stat" ? system(machineStartedAt) : stat("Wow.exe", ticks),
    );
    const first = await starts.startedAt(42);
    machineStartedAt -= 3_600;
    expect(await starts.startedAt(42)).toBe(first);
    ticks += 1_000;
    expect(await starts.startedAt(42)).toBe(1_775_300_400_000 + 133_450);
  });

  it("is unknown when the process is gone, or its file is strange", async () => {
    const gone = async () => {
      throw new Error("ENOENT");
    };
    expect(await processStartedAt(42, gone)).toBeNull();
    expect(await processStartedAt(42, files("nonsense"))).toBeNull();
  });
});
