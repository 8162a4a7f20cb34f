import { PassThrough } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { useGames } from "./game-fixture.ts";
import { runRealtime } from "./realtime.ts";
import { attachTerminal, typeLine } from "./terminal.ts";

const game = useGames();

describe("the terminal", () => {
  it("types lines into the game and obeys those that begin with a colon", async () => {
    const running = await game("");
    expect(typeLine(running, "/run answer = 42")).toBe("");
    expect(typeLine(running, ":lua return answer")).toBe("42");
    expect(typeLine(running, ":nonsense")).toContain(":help");
    expect(typeLine(running, ":lua return nil .. 1")).toMatch(/concatenate/);
    typeLine(running, ":crash");
    expect(running.screen).toBe("closed");
    typeLine(running, ":login");
    expect(running.screen).toBe("world");
  });

  it("prints what the chat windows show", async () => {
    const running = await game("", { world: { characters: { Bob: {} } } });
    const [input, output] = [new PassThrough(), new PassThrough()];
    const detach = attachTerminal(running, input, output);
    input.write(":whisper Bob hello\n/run print('done')\n");
    await vi.waitFor(() => expect(String(output.read() ?? "")).toMatch(/hello[\s\S]*done/));
    detach();
    await nextTurn();
  });
});

describe("real time", () => {
  it("moves the game by the wall clock, and not further than a few seconds after a pause", async () => {
    vi.useFakeTimers();
    try {
      const running = await game("");
      let wall = 0;
      const stop = runRealtime(running, { tickMs: 10, now: () => wall });
      const start = running.clock.nowMs;
      wall = 100;
      vi.advanceTimersByTime(10);
      expect(running.clock.nowMs - start).toBeCloseTo(100, 3);
      wall = 3_600_000;
      vi.advanceTimersByTime(10);
      expect(running.clock.nowMs - start).toBeCloseTo(5_100, 3);
      stop();
      wall += 100;
      vi.advanceTimersByTime(100);
      expect(running.clock.nowMs - start).toBeCloseTo(5_100, 3);
    } finally {
      vi.useRealTimers();
    }
  });
});
