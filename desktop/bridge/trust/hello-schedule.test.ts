import { describe, expect, it } from "vitest";
import { answeredHello, HELLO_AT_START, helloAtStart, isHelloDue, typedHello, wantHello } from "./hello-schedule.ts";

const NOW = 1_000_000;
const MINUTE = 60_000;

describe("a hello is typed", () => {
  const typed = typedHello(HELLO_AT_START, NOW);
  const content = answeredHello(typed);

  it("at the start, and again after a minute without an answer", () => {
    expect(isHelloDue(HELLO_AT_START, NOW)).toBe(true);
    expect(isHelloDue(typed, NOW + MINUTE - 1)).toBe(false);
    expect(isHelloDue(typed, NOW + MINUTE)).toBe(true);
    // By a clock that was put back it was typed in the future.
    expect(isHelloDue(typed, NOW - MINUTE)).toBe(true);
  });

  it("a minute after the one that a killed bridge typed, unless that is answered", () => {
    const started = helloAtStart(NOW);
    expect(isHelloDue(started, NOW + MINUTE - 1)).toBe(false);
    expect(isHelloDue(started, NOW + MINUTE)).toBe(true);
    expect(isHelloDue(answeredHello(started), NOW + MINUTE)).toBe(false);
    expect(isHelloDue(helloAtStart(null), NOW)).toBe(true);
  });

  it("not any more once it was answered", () => {
    expect(isHelloDue(content, NOW + 10 * MINUTE)).toBe(false);
  });

  it("at once when the addon starts anew", () => {
    expect(isHelloDue(wantHello(content, "soon"), NOW + 1)).toBe(true);
  });

  it("once a minute at most for who has no key", () => {
    const asked = wantHello(content, "paced");
    expect(isHelloDue(asked, NOW + MINUTE - 1)).toBe(false);
    expect(isHelloDue(asked, NOW + MINUTE)).toBe(true);
    expect(isHelloDue(wantHello(wantHello(content, "soon"), "paced"), NOW + 1)).toBe(true);
  });
});
